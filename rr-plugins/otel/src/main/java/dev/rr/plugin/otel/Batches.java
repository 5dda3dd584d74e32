package dev.rr.plugin.otel;

import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Map;

/**
 * How spans wait to be exported, from the {@code OTEL_BSP_*} variables.
 *
 * @param delay between two batches
 * @param timeout of one export
 * @param queue spans that may wait; what comes then is dropped
 * @param batch spans of one export
 */
record Batches(Duration delay, Duration timeout, int queue, int batch) {
  private static final String PREFIX = "OTEL_BSP_";

  /**
   * Reads the variables.
   *
   * @throws IllegalArgumentException says what is wrong with one of them
   */
  static Batches of(Map<String, String> env) {
    int queue = number(env, "MAX_QUEUE_SIZE", 2048);
    return new Batches(
        Duration.ofMillis(number(env, "SCHEDULE_DELAY", 5000)),
        Duration.ofMillis(number(env, "EXPORT_TIMEOUT", 30_000)),
        queue,
        Math.min(queue, number(env, "MAX_EXPORT_BATCH_SIZE", 512)));
  }

  private static int number(Map<String, String> env, String name, int fallback) {
    String text = env.getOrDefault(PREFIX + name, "").strip();
    if (text.isEmpty()) {
      return fallback;
    }
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          PREFIX + name + " is `" + text + "`; allowed is a whole number from 1");
    }
    return Integer.parseInt(text);
  }

  /** Starts a thread that exports; closed by the processor's shutdown. */
  SpanProcessor processor(SpanExporter exporter) {
    return BatchSpanProcessor.builder(exporter)
        .setScheduleDelay(delay)
        .setExporterTimeout(timeout)
        .setMaxQueueSize(queue)
        .setMaxExportBatchSize(batch)
        .build();
  }
}
