package dev.rr.plugin.otel;

import dev.rr.api.config.Section;
import dev.rr.api.plugin.Host;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporterBuilder;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes exporters from the section and, where it is silent, from the {@code OTEL_*} variables. */
final class Exporters {
  private static final String ENV = "OTEL_EXPORTER_OTLP_";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String ENDPOINT =
      "`%s` is no address of a collector; allowed are host:port and http://host:port";

  private final OtelConfig config;
  private final Map<String, String> env;
  private final Path workDirectory;

  Exporters(OtelConfig config, Host host) {
    this.config = config;
    this.env = host.environment();
    this.workDirectory = host.workDirectory();
  }

  /** Records what is wrong with where spans go. */
  void check(Section section) {
    if (!config.exporter().equals("otlp")) {
      return;
    }
    try {
      URI url = URI.create(url());
      if (url.getHost() == null || !url.getScheme().matches("https?")) {
        section.problem("endpoint", ENDPOINT.formatted(url));
      }
    } catch (IllegalArgumentException e) {
      section.problem("endpoint", ENDPOINT.formatted(url()));
    }
    if (!variable("TIMEOUT").matches("[0-9]{0,9}")) {
      section.problem(
          null,
          ENV + "TIMEOUT is `" + variable("TIMEOUT") + "`; allowed is a number of milliseconds");
    }
    String authorities = variable("CERTIFICATE");
    if (!authorities.isEmpty() && !Files.isReadable(workDirectory.resolve(authorities))) {
      section.problem(
          null,
          ENV + "CERTIFICATE is `" + authorities + "`, which does not exist or cannot be read");
    }
  }

  /** Where spans go, for messages. */
  String target() {
    return config.exporter().equals("otlp") ? url() : config.exporter();
  }

  SpanExporter make(OutputStream stdout, OutputStream stderr) throws IOException {
    return switch (config.exporter()) {
      case "stdout" -> new JsonSpanExporter(stdout);
      case "stderr" -> new JsonSpanExporter(stderr);
      default -> grpc() ? grpcExporter() : httpExporter();
    };
  }

  /** Whether gRPC is spoken; anything else that is named means HTTP. */
  boolean grpc() {
    String wanted = config.client().isEmpty() ? variable("PROTOCOL") : config.client();
    return wanted.equalsIgnoreCase("grpc");
  }

  /** Where spans are posted to, or where the gRPC server is. */
  String url() {
    boolean grpc = grpc();
    String path = config.customUrl().isEmpty() ? "/v1/traces" : slash(config.customUrl());
    if (!config.endpoint().isEmpty()) {
      String base =
          config.endpoint().contains("://") ? config.endpoint() : scheme() + config.endpoint();
      return grpc ? base : base.replaceFirst("/+$", "") + path;
    }
    String own = env.getOrDefault(ENV + "TRACES_ENDPOINT", "");
    if (!own.isEmpty()) {
      return own;
    }
    String shared = env.getOrDefault(ENV + "ENDPOINT", "");
    if (!shared.isEmpty()) {
      return grpc ? shared : shared.replaceFirst("/+$", "") + path;
    }
    return grpc ? scheme() + "localhost:4317" : scheme() + "localhost:4318" + path;
  }

  private String scheme() {
    boolean plain = config.insecure() || variable("INSECURE").equalsIgnoreCase("true");
    return plain ? "http://" : "https://";
  }

  private static String slash(String path) {
    return path.startsWith("/") ? path : "/" + path;
  }

  private Map<String, String> headers() {
    Map<String, String> all = new LinkedHashMap<>();
    for (String pair : variable("HEADERS").split(",")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        String value =
            URLDecoder.decode(pair.substring(equals + 1).strip(), StandardCharsets.UTF_8);
        all.put(pair.substring(0, equals).strip(), value);
      }
    }
    all.putAll(config.headers());
    return all;
  }

  /** The variable for traces, or else the one for every signal. */
  private String variable(String name) {
    return env.getOrDefault(ENV + "TRACES_" + name, env.getOrDefault(ENV + name, ""));
  }

  private SpanExporter httpExporter() throws IOException {
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(url())
            .setTimeout(timeout())
            .setCompression(compression());
    headers().forEach(exporter::addHeader);
    if (!variable("CERTIFICATE").isEmpty()) {
      exporter.setTrustedCertificates(authorities());
    }
    return exporter.build();
  }

  private SpanExporter grpcExporter() throws IOException {
    OtlpGrpcSpanExporterBuilder exporter =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(url())
            .setTimeout(timeout())
            .setCompression(compression());
    headers().forEach(exporter::addHeader);
    if (!variable("CERTIFICATE").isEmpty()) {
      exporter.setTrustedCertificates(authorities());
    }
    return exporter.build();
  }

  private String compression() {
    return config.compress() || variable("COMPRESSION").equals("gzip") ? "gzip" : "none";
  }

  private Duration timeout() {
    String millis = variable("TIMEOUT");
    return millis.isEmpty() ? TIMEOUT : Duration.ofMillis(Long.parseLong(millis));
  }

  private byte[] authorities() throws IOException {
    return Files.readAllBytes(workDirectory.resolve(variable("CERTIFICATE")));
  }
}
