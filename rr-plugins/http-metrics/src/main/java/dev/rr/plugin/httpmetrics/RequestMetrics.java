package dev.rr.plugin.httpmetrics;

import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.metrics.Counter;
import dev.rr.metrics.Histogram;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The numbers. Any thread; names, labels and buckets are upstream's. */
final class RequestMetrics implements MetricsSource {
  /** The status of an exchange that ended without a head. */
  static final int NONE = -1;

  private static final double[] BOUNDS = {
    .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60
  };

  /** What comes behind every status that HTTP has. */
  private static final int STATUSES = 1000;

  /** Durations by status and {@link #NONE} before them; null where there was none yet. */
  private final AtomicReferenceArray<@Nullable Histogram> byStatus =
      new AtomicReferenceArray<>(STATUSES - NONE);

  private final LongAdder running = new LongAdder();
  private final Counter noFreeWorkers =
      new Counter("rr_http_no_free_workers_total", "Total number of NoFreeWorkers occurrences.");
  private final long started = System.nanoTime();

  void begun() {
    running.increment();
  }

  void ended(int status, long nanos) {
    running.decrement();
    of(status).observeNanos(nanos);
  }

  private Histogram of(int status) {
    Histogram known = byStatus.get(status - NONE);
    if (known != null) {
      return known;
    }
    Histogram made = durations();
    Histogram before = byStatus.compareAndExchange(status - NONE, null, made);
    return before == null ? made : before;
  }

  private static Histogram durations() {
    return new Histogram("rr_http_request_duration_seconds", "HTTP request duration.", BOUNDS);
  }

  void hadNoFreeWorker() {
    noFreeWorkers.increment();
  }

  @Override
  public void collect(MetricsSink sink) {
    for (int status = NONE; status < STATUSES; status++) {
      Histogram durations = byStatus.get(status - NONE);
      if (durations != null) {
        collect(status, durations, sink);
      }
    }
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
