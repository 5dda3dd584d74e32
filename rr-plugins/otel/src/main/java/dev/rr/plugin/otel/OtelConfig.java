package dev.rr.plugin.otel;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.util.Map;
import java.util.Set;

/** The {@code otel} section; upstream's keys. */
@ConfigSection("otel")
record OtelConfig(
    @Key(fallback = "otlp", doc = "Where spans go: otlp, stdout or stderr.") String exporter,
    @Key(doc = "How OTLP is spoken: http or grpc; unset follows the OTEL_* variables, then http.")
        String client,
    @Key(doc = "host:port of the collector; unset follows the OTEL_* variables, then localhost.")
        String endpoint,
    @Key(doc = "Speak to the collector without TLS.") boolean insecure,
    @Key(doc = "Compress what is sent.") boolean compress,
    @Key(doc = "The path to post to, for the http client; unset is /v1/traces.") String customUrl,
    @Key(secret = true, doc = "Headers of every export request.") Map<String, String> headers,
    Resource resource,
    @Key(doc = "Deprecated spelling of resource.service_name.") String serviceName,
    @Key(doc = "Deprecated spelling of resource.service_version.") String serviceVersion)
    implements Checked {

  private static final Set<String> EXPORTERS = Set.of("otlp", "stdout", "stderr");

  OtelConfig {
    exporter = exporter.isEmpty() ? "otlp" : exporter;
  }

  @Override
  public void check(Section at) {
    if (!EXPORTERS.contains(exporter)) {
      String gone =
          exporter.equals("jaeger") || exporter.equals("zipkin")
              ? "; " + exporter + " itself takes otlp"
              : "";
      at.problem(
          "exporter",
          "unknown exporter: `" + exporter + "`; it has to be otlp, stdout or stderr" + gone);
    }
    if (!client.isEmpty() && !client.equals("http") && !client.equals("grpc")) {
      at.problem("client", "unknown client: `" + client + "`; it has to be http or grpc");
    }
  }

  /** Who is being traced. */
  @ConfigSection
  record Resource(
      @Key(doc = "The service's name.") String serviceName,
      @Key(doc = "The service's version.") String serviceVersion,
      @Key(doc = "The service's namespace; unset is made up at start.") String serviceNamespace,
      @Key(doc = "The instance's id; unset is made up at start.") String serviceInstanceId) {}

  /** Without secrets. */
  @Override
  public String toString() {
    return "OtelConfig[exporter=%s, client=%s, endpoint=%s]".formatted(exporter, client, endpoint);
  }
}
