package dev.rr.plugin.otel;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.StringJoiner;

/** Writes each span as one line of JSON. Called by the batch processor's thread only. */
final class JsonSpanExporter implements SpanExporter {
  private final OutputStream out;

  /** Writes to a stream that stays open. */
  JsonSpanExporter(OutputStream out) {
    this.out = out;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    try {
      for (SpanData span : spans) {
        out.write((line(span) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      out.flush();
      return CompletableResultCode.ofSuccess();
    } catch (IOException e) {
      return CompletableResultCode.ofExceptionalFailure(e);
    }
  }

  private static String line(SpanData span) {
    StringJoiner attributes = new StringJoiner(",", "{", "}");
    span.getAttributes()
        .forEach((key, value) -> attributes.add(text(key.getKey()) + ":" + value(value)));
    StringJoiner resource = new StringJoiner(",", "{", "}");
    span.getResource()
        .getAttributes()
        .forEach((key, value) -> resource.add(text(key.getKey()) + ":" + value(value)));
    Map<String, String> fields =
        Map.of(
            "name", text(span.getName()),
            "trace_id", text(span.getTraceId()),
            "span_id", text(span.getSpanId()),
            "parent_span_id", text(span.getParentSpanId()),
            "kind", text(span.getKind().name()),
            "start", text(time(span.getStartEpochNanos())),
            "end", text(time(span.getEndEpochNanos())),
            "status", text(span.getStatus().getStatusCode().name()),
            "attributes", attributes.toString(),
            "resource", resource.toString());
    StringJoiner line = new StringJoiner(",", "{", "}");
    fields.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> line.add(text(e.getKey()) + ":" + e.getValue()));
    return line.toString();
  }

  private static String time(long nanos) {
    return Instant.ofEpochSecond(0, nanos).toString();
  }

  private static String value(Object value) {
    return value instanceof Number || value instanceof Boolean
        ? value.toString()
        : text(value.toString());
  }

  private static String text(String value) {
    StringBuilder quoted = new StringBuilder(value.length() + 2).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
