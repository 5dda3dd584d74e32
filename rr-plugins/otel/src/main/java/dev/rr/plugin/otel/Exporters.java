package dev.rr.plugin.otel;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporterBuilder;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes exporters from the section and, where it is silent, from the {@code OTEL_*} variables. */
final class Exporters {
  private static final String ENV = "OTEL_EXPORTER_OTLP_";

  private final OtelConfig config;
  private final Map<String, String> env;

  Exporters(OtelConfig config, Map<String, String> env) {
    this.config = config;
    this.env = env;
  }

  SpanExporter make(OutputStream stdout, OutputStream stderr) {
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
    return config.insecure() ? "http://" : "https://";
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

  private SpanExporter httpExporter() {
    OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder().setEndpoint(url());
    headers().forEach(exporter::addHeader);
    return exporter.setCompression(config.compress() ? "gzip" : "none").build();
  }

  private SpanExporter grpcExporter() {
    OtlpGrpcSpanExporterBuilder exporter = OtlpGrpcSpanExporter.builder().setEndpoint(url());
    headers().forEach(exporter::addHeader);
    return exporter.setCompression(config.compress() ? "gzip" : "none").build();
  }
}
