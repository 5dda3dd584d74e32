package dev.rr.plugin.otel;

import dev.rr.api.log.Log;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Says once that spans do not get through, and once that they do again. Called by the batch
 * processor's thread; results arrive on the exporter's threads.
 */
final class WatchedExporter implements SpanExporter {
  private final SpanExporter next;
  private final String to;
  private final Log log;
  private final AtomicBoolean failing = new AtomicBoolean();

  /**
   * Watches an exporter.
   *
   * @param to where it exports to, for messages
   */
  WatchedExporter(SpanExporter next, String to, Log log) {
    this.next = next;
    this.to = to;
    this.log = log;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = next.export(spans);
    return result.whenComplete(() -> {
      if (!result.isSuccess() && !failing.getAndSet(true)) {
        log.warn(
            "spans do not reach the collector; those that do not fit the queue are dropped",
            "collector",
            to,
            "error",
            reason(result.getFailureThrowable()));
      } else if (result.isSuccess() && failing.getAndSet(false)) {
        log.info("spans reach the collector again", "collector", to);
      }
    });
  }

  private static String reason(@Nullable Throwable error) {
    Throwable cause = error;
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null ? "it was refused" : String.valueOf(cause.getMessage());
  }

  @Override
  public CompletableResultCode flush() {
    return next.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return next.shutdown();
  }
}
