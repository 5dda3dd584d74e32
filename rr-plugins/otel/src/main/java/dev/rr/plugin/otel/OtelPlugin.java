package dev.rr.plugin.otel;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.trace.Tracer;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.extension.trace.propagation.JaegerPropagator;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Traces requests, and whatever other plugins begin. */
@Plugin("otel")
@EnabledBy(
    value = {"otel", "http.otel"},
    any = true)
final class OtelPlugin implements Lifecycle, Middleware {
  /** The library's own complaints come with each batch; the plugin says it once. */
  private static final List<Logger> REPETITIVE =
      List.of(
          Logger.getLogger("io.opentelemetry.exporter"),
          Logger.getLogger("io.opentelemetry.sdk.trace.export"));

  private final OtelConfig config;
  private final boolean old;
  private final Configurer configurer;
  private final Host host;
  private final Log log;
  private final OtelTracer tracer =
      new OtelTracer(
          TextMapPropagator.composite(
              W3CTraceContextPropagator.getInstance(),
              W3CBaggagePropagator.getInstance(),
              JaegerPropagator.getInstance()));
  private @Nullable SdkTracerProvider provider;

  OtelPlugin(OtelConfig config, Rr2Config old, Configurer configurer, Host host, Loggers loggers) {
    this.old = !configurer.has(OtelConfigBinder.INSTANCE.key());
    this.config = this.old ? old.otel().orElse(config) : config;
    this.configurer = configurer;
    this.host = host;
    this.log = loggers.named("otel");
  }

  /** For plugins that trace more than HTTP. */
  @Offers
  public Tracer tracer() {
    return tracer;
  }

  @Override
  public void check(Problems problems) {
    Section section =
        old
            ? configurer.section(Rr2ConfigBinder.INSTANCE, problems).section("otel")
            : configurer.section(OtelConfigBinder.INSTANCE, problems);
    new Exporters(config, host).check(section);
    section.parse(null, () -> Sampling.of(host.environment()));
    section.parse(null, () -> Batches.of(host.environment()));
    if (old) {
      log.warn("http.otel is read as otel; write it as a section of its own");
    }
  }

  @Override
  public void start() throws IOException {
    REPETITIVE.forEach(l -> l.setLevel(Level.OFF));
    // Before the exporter, which has threads that nobody would end if these failed.
    Sampler sampler = Sampling.of(host.environment());
    Batches batches = Batches.of(host.environment());
    Exporters exporters = new Exporters(config, host);
    WatchedExporter exporter =
        new WatchedExporter(exporters.make(System.out, System.err), exporters.target(), log);
    SdkTracerProvider made =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(Resource.create(resource())))
            .setSampler(sampler)
            .addSpanProcessor(batches.processor(exporter))
            .build();
    provider = made;
    tracer.use(made.get("rr", host.version()));
  }

  @Override
  public HttpHandler wrap(HttpHandler next) {
    return new OtelMiddleware(tracer, next);
  }

  @Override
  public boolean traces() {
    return true;
  }

  @Override
  public void stop(Deadline deadline) {
    SdkTracerProvider running = provider;
    provider = null;
    if (running != null) {
      shutDown(running, deadline);
    }
    // As whoever comes after this server in the same JVM had them.
    REPETITIVE.forEach(l -> l.setLevel(null));
  }

  private void shutDown(SdkTracerProvider running, Deadline deadline) {
    long millis = deadline.remaining().toMillis();
    if (!running.shutdown().join(millis, TimeUnit.MILLISECONDS).isSuccess()) {
      log.warn("not every span reached the collector before the time to stop was over");
    }
  }

  private Attributes resource() {
    OtelConfig.Resource given = config.resource();
    Map<String, String> env = host.environment();
    String id = or(given.serviceInstanceId(), UUID.randomUUID().toString());
    String name =
        or(
            given.serviceName(),
            config.serviceName(),
            env.getOrDefault("OTEL_SERVICE_NAME", ""),
            "RoadRunner");
    AttributesBuilder all = Attributes.builder();
    for (String pair : env.getOrDefault("OTEL_RESOURCE_ATTRIBUTES", "").split(",")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        all.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
      }
    }
    return all.put("service.name", name)
        .put("service.version", or(given.serviceVersion(), config.serviceVersion(), "1.0.0"))
        .put("service.instance.id", id)
        .put("service.namespace", or(given.serviceNamespace(), name + "-" + UUID.randomUUID()))
        .put("os.name", System.getProperty("os.name", ""))
        .put("host.arch", System.getProperty("os.arch", ""))
        .put("webengine.name", "RoadRunner")
        .put("webengine.version", host.version())
        .build();
  }

  /** The first that is there and not empty. */
  private static String or(String... candidates) {
    for (String candidate : candidates) {
      if (!candidate.isEmpty()) {
        return candidate;
      }
    }
    return "";
  }
}
