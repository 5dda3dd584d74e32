package dev.rr.plugin.rpc;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.metrics.MetricsRegistry;
import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.Named;
import dev.rr.api.rpc.RpcHandler;
import dev.rr.api.rpc.RpcService;
import dev.rr.api.trace.Tracer;
import dev.rr.json.JsonWriter;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Serves the RPC methods of every plugin that has some, and its own three. Its weight has it listen
 * before worker pools start, since workers call while they boot.
 */
@Plugin(value = "rpc", weight = 100)
@EnabledBy("rpc")
final class RpcPlugin implements Lifecycle {
  private final RpcConfig config;
  private final Configurer configurer;
  private final Host host;
  private final Optional<Tracer> tracer;
  private final Optional<MetricsRegistry> metrics;
  private final Log log;
  private final Map<String, RpcHandler> handlers = new HashMap<>();
  private final TreeSet<String> services = new TreeSet<>();
  private volatile @Nullable RpcServer server;

  RpcPlugin(
      RpcConfig config,
      Configurer configurer,
      Host host,
      Optional<Tracer> tracer,
      Optional<MetricsRegistry> metrics,
      Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.host = host;
    this.tracer = tracer;
    this.metrics = metrics;
    this.log = loggers.named("rpc");
    handlers.put(
        "rpc.Version",
        RpcHandler.quick(argument -> {
          argument.bool();
          return Host.ROADRUNNER;
        }));
    handlers.put(
        "rpc.Plugins",
        argument -> {
          argument.bool();
          return host.plugins().stream().map(RpcPlugin::row).toList();
        });
    handlers.put(
        "rpc.Config",
        argument -> {
          argument.bool();
          return JsonWriter.write(configurer.tree());
        });
  }

  private static Map<String, String> row(Host.PluginStatus plugin) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("id", plugin.id());
    row.put("version", plugin.version());
    row.put("state", plugin.state());
    row.put("reason", plugin.reason());
    return row;
  }

  /** Takes a plugin's methods. */
  @Collects
  void service(Named plugin, RpcService service) {
    services.add(plugin.id());
    service.methods().forEach((name, method) -> handlers.put(plugin.id() + "." + name, method));
  }

  @Override
  public void init() {
    metrics.ifPresent(registry -> registry.add("rpc", this::collect));
  }

  private void collect(MetricsSink sink) {
    RpcServer running = server;
    if (running != null) {
      running.collect(sink);
    }
  }

  @Override
  public void check(Problems problems) {
    Section section = configurer.section(RpcConfigBinder.INSTANCE, problems);
    AddressForms.DSN
        .problem(config.listen())
        .ifPresent(problem -> section.problem("listen", problem));
  }

  @Override
  public void start() throws IOException {
    Address address = AddressForms.DSN.parse(config.listen());
    RpcServer made =
        new RpcServer(Dispatcher.of(handlers), Limits.forHeap(), tracer.orElse(null), log);
    server = made;
    made.listen(address, host.workDirectory());
    log.debug("plugin was started", "address", address, "plugins", services);
  }

  /** The port in use, for tests. */
  int port() {
    return server == null ? 0 : server.port();
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    if (server != null) {
      server.stop(deadline);
    }
  }
}
