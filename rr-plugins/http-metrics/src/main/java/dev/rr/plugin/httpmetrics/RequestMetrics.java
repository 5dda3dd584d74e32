package dev.rr.plugin.httpmetrics;

import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.metrics.MetricsSource;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** The numbers. Any thread; names, labels and buckets are upstream's. */
final class RequestMetrics implements MetricsSource {
  /** The status of an exchange that ended without a head. */
  static final int NONE = -1;

  private static final double[] BOUNDS = {
    .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60
  };

  /** Statuses seen; at most the few hundred that HTTP has. */
  private final Map<Integer, Durations> byStatus = new ConcurrentSkipListMap<>();

  private final LongAdder running = new LongAdder();
  private final LongAdder noFreeWorkers = new LongAdder();
  private final long started = System.nanoTime();

  private static final class Durations {
    private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
    private final DoubleAdder sum = new DoubleAdder();

    Durations() {
      java.util.Arrays.setAll(buckets, i -> new LongAdder());
    }

    void add(double seconds) {
      int bucket = 0;
      while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
        bucket++;
      }
      buckets[bucket].increment();
      sum.add(seconds);
    }

    long[] counts() {
      long[] counts = new long[buckets.length];
      java.util.Arrays.setAll(counts, i -> buckets[i].sum());
      return counts;
    }
  }

  void begun() {
    running.increment();
  }

  void ended(int status, long nanos) {
    running.decrement();
    byStatus
        .computeIfAbsent(status, s -> new Durations())
        .add(nanos / (double) TimeUnit.SECONDS.toNanos(1));
  }

  void hadNoFreeWorker() {
    noFreeWorkers.increment();
  }

  @Override
  public void collect(MetricsSink sink) {
    byStatus.forEach((status, durations) -> {
      String label = Integer.toString(status);
      long[] counts = durations.counts();
      long total = java.util.Arrays.stream(counts).sum();
      sink.counter(
          "rr_http_request_total",
          "Total number of handled http requests after server restart.",
          total,
          "status",
          label);
      sink.histogram(
          "rr_http_request_duration_seconds",
          "HTTP request duration.",
          BOUNDS,
          counts,
          durations.sum.sum(),
          "status",
          label);
    });
    sink.gauge("rr_http_requests_queue", "Total number of queued requests.", running.sum());
    sink.counter(
        "rr_http_no_free_workers_total",
        "Total number of NoFreeWorkers occurrences.",
        noFreeWorkers.sum());
    sink.counter(
        "rr_http_uptime_seconds",
        "Uptime in seconds",
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started));
  }
}
