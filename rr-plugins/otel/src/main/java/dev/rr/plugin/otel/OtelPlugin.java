package dev.rr.plugin.otel;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
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
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Traces requests, and whatever other plugins begin. */
@Plugin("otel")
@EnabledBy("otel")
final class OtelPlugin implements Lifecycle, Middleware {
  private final OtelConfig config;
  private final Host host;
  private final Log log;
  private final SdkTracerProvider provider;
  private final Tracer tracer;

  OtelPlugin(OtelConfig config, Host host, Loggers loggers) {
    this.config = config;
    this.host = host;
    this.log = loggers.named("otel");
    // Exports begin with the first span, so nothing reaches the network before something is traced.
    this.provider =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(Resource.create(resource())))
            .addSpanProcessor(
                BatchSpanProcessor.builder(
                        new Exporters(config, host.environment()).make(System.out, System.err))
                    .build())
            .build();
    this.tracer =
        new OtelTracer(
            provider.get("rr", host.version()),
            TextMapPropagator.composite(
                W3CTraceContextPropagator.getInstance(),
                W3CBaggagePropagator.getInstance(),
                JaegerPropagator.getInstance()));
  }

  /** For plugins that trace more than HTTP. */
  @Offers
  public Tracer tracer() {
    return tracer;
  }

  @Override
  public void init() {
    String client = config.client();
    if (!client.isEmpty() && !client.equals("http") && !client.equals("grpc")) {
      log.warn("unknown client, http is used", "client", client, "allowed", "http, grpc");
    }
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
    long millis = deadline.remaining().toMillis();
    if (!provider.shutdown().join(millis, TimeUnit.MILLISECONDS).isSuccess()) {
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
