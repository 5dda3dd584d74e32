package dev.rr.plugin.metrics;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.error.OperationException;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.log.OncePerSecond;
import dev.rr.api.metrics.MetricsRegistry;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.Named;
import dev.rr.net.AddressForms;
import dev.rr.operator.OperatorLimits;
import dev.rr.operator.OperatorServer;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows the figures of plugins, of the process, and those that workers declare. It starts before
 * {@code rpc}, which gives it figures and starts before all that have workers: these declare what
 * they count while they boot.
 */
@Plugin(value = "metrics", weight = 101)
@EnabledBy("metrics")
final class MetricsPlugin implements Lifecycle, MetricsRegistry {
  /** Upstream's, for whoever scrapes through a slow line or keeps its connection for long. */
  private static final OperatorLimits LIMITS =
      new OperatorLimits(
          1 << 20,
          64 * 1024,
          OperatorLimits.partOfHeap(),
          1000,
          Duration.ofHours(1),
          Duration.ofMinutes(2),
          Duration.ofMinutes(2));

  private final MetricsConfig config;
  private final Configurer configurer;
  private final Log log;
  private final OncePerSecond redeclared = new OncePerSecond();
  private final OncePerSecond failed = new OncePerSecond();
  private final Map<String, MetricsSource> sources = new LinkedHashMap<>();
  private final DeclaredCollectors collectors;
  private @Nullable OperatorServer server;

  MetricsPlugin(MetricsConfig config, Configurer configurer, Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.log = loggers.named("metrics");
    this.collectors =
        new DeclaredCollectors(
            new SampleBudget(config.maxSamples(), Runtime.getRuntime().maxMemory(), log),
            this::foreignNames);
  }

  /** Takes a plugin with figures. */
  @Collects
  void source(Named plugin, MetricsSource source) {
    add(plugin.id(), source);
  }

  @Override
  public void add(String plugin, MetricsSource source) {
    sources.put(plugin, source);
  }

  @Override
  public void check(Problems problems) {
    Section section = configurer.section(MetricsConfigBinder.INSTANCE, problems);
    config
        .collect()
        .forEach((name, declared) ->
            section.section("collect").parse(name, () -> collectors.declare(declared.named(name))));
  }

  @Override
  public void start() throws IOException {
    server =
        OperatorServer.start(
            "rr-metrics",
            "metrics.address",
            AddressForms.PORT.parse(config.address()),
            new Exposition(this::scrape),
            LIMITS,
            log);
    log.debug("metrics are served", "address", config.address());
  }

  private List<MetricSnapshot> scrape() {
    Families families = foreign();
    collectors.all().forEach(families::add);
    return families.snapshots();
  }

  private Families foreign() {
    Families families = new Families();
    ProcessSource.collect(families);
    sources.forEach((plugin, source) -> {
      try {
        source.collect(families);
      } catch (RuntimeException e) {
        if (failed.passes()) {
          log.warn("a plugin's figures are missing", "plugin", plugin, "error", e);
        }
      }
    });
    return families;
  }

  private Set<String> foreignNames() {
    return foreign().sampleNames();
  }

  @RpcMethod(value = "Add", quick = true)
  boolean add(Map<String, Object> metric) throws OperationException {
    return apply(Operation.ADD, metric);
  }

  @RpcMethod(value = "Sub", quick = true)
  boolean sub(Map<String, Object> metric) throws OperationException {
    return apply(Operation.SUB, metric);
  }

  @RpcMethod(value = "Set", quick = true)
  boolean set(Map<String, Object> metric) throws OperationException {
    return apply(Operation.SET, metric);
  }

  @RpcMethod(value = "Observe", quick = true)
  boolean observe(Map<String, Object> metric) throws OperationException {
    return apply(Operation.OBSERVE, metric);
  }

  private boolean apply(Operation operation, Map<String, Object> metric) throws OperationException {
    MetricCall call = new MetricCall(metric);
    Collector<?> collector = collectors.find(call.name());
    if (collector == null) {
      throw operation.undefined(call.name());
    }
    collector.apply(operation, call.value(), call.labels());
    return true;
  }

  @RpcMethod("Declare")
  boolean declare(Map<String, Object> named) throws OperationException {
    String name = new MetricCall(named).name();
    Collector<?> known = collectors.find(name);
    try {
      if (known != null || !collectors.declare(new MetricCall(named).declared())) {
        exists(name);
      }
    } catch (IllegalArgumentException e) {
      throw OperationException.within("metrics_plugin_declare", e);
    }
    return true;
  }

  /** Every worker declares what it uses when it boots, so there is mostly nothing wrong with it. */
  private void exists(String name) {
    if (redeclared.passes()) {
      log.debug("metric with provided name already exist", "name", name);
    }
  }

  @RpcMethod("Unregister")
  boolean unregister(String name) throws OperationException {
    if (!collectors.remove(name)) {
      throw OperationException.of("metrics_plugin_unregister", "undefined collector " + name);
    }
    return true;
  }

  /** Where it listens, for tests; not before the start. */
  InetSocketAddress address() {
    return Objects.requireNonNull(server).address();
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    if (server != null) {
      server.stop(deadline);
    }
  }
}
