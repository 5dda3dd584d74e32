package dev.rr.plugin.httpmetrics;

import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.metrics.Counter;
import dev.rr.metrics.Histogram;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The numbers. Any thread; names, labels and buckets are upstream's. */
final class RequestMetrics implements MetricsSource {
  /** The status of an exchange that ended without a head. */
  static final int NONE = -1;

  private static final double[] BOUNDS = {
    .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60
  };

  /** Statuses seen; at most the few hundred that HTTP has. */
  private final Map<Integer, Histogram> byStatus = new ConcurrentSkipListMap<>();

  private final LongAdder running = new LongAdder();
  private final Counter noFreeWorkers =
      new Counter("rr_http_no_free_workers_total", "Total number of NoFreeWorkers occurrences.");
  private final long started = System.nanoTime();

  void begun() {
    running.increment();
  }

  void ended(int status, long nanos) {
    running.decrement();
    byStatus.computeIfAbsent(status, s -> durations()).observeNanos(nanos);
  }

  private static Histogram durations() {
    return new Histogram("rr_http_request_duration_seconds", "HTTP request duration.", BOUNDS);
  }

  void hadNoFreeWorker() {
    noFreeWorkers.increment();
  }

  @Override
  public void collect(MetricsSink sink) {
    byStatus.forEach((status, durations) -> collect(status, durations, sink));
    sink.gauge("rr_http_requests_queue", "Total number of queued requests.", running.sum());
    noFreeWorkers.collect(sink);
    sink.counter(
        "rr_http_uptime_seconds",
        "Uptime in seconds",
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started));
  }

  private static void collect(int status, Histogram durations, MetricsSink sink) {
    String label = Integer.toString(status);
    long total = durations.collect(sink, "status", label);
    sink.counter(
        "rr_http_request_total",
        "Total number of handled http requests after server restart.",
        total,
        "status",
        label);
  }
}
