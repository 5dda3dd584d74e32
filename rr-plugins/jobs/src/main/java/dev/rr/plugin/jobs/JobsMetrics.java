package dev.rr.plugin.jobs;

import dev.rr.api.metrics.MetricsSink;
import dev.rr.metrics.Counter;
import dev.rr.metrics.Histogram;

/** What has become of jobs, under upstream's names. Any thread. */
final class JobsMetrics {
  final Counter ok = new Counter("rr_jobs_jobs_ok", "Number of successfully processed jobs");
  final Counter failed =
      new Counter("rr_jobs_jobs_err", "Number of jobs error while processing in the worker");
  final Counter requeued = new Counter("rr_jobs_jobs_requeue", "Number of re-queued jobs");
  final Counter pushed = new Counter("rr_jobs_push_ok", "Number of job push");
  final Counter notPushed = new Counter("rr_jobs_push_err", "Number of jobs push which was failed");

  /** Hands over what is counted for all pipelines together. */
  void collect(MetricsSink sink) {
    ok.collect(sink);
    failed.collect(sink);
    requeued.collect(sink);
    pushed.collect(sink);
    notPushed.collect(sink);
  }

  /** How jobs came to a pipeline. */
  enum Way {
    SINGLE,
    BATCH;

    private String label() {
      return this == SINGLE ? "single" : "batch";
    }
  }

  /** Pushes to one pipeline in one way. They go with the pipeline. */
  static final class Pushes {
    private final Histogram latency =
        new Histogram(
            "rr_jobs_push_latency",
            "Histogram represents latency for pushed operation",
            0.005,
            0.01,
            0.025,
            0.05,
            0.1,
            0.25,
            0.5,
            1,
            2.5,
            5,
            10);
    private final Counter requests =
        new Counter("rr_jobs_requests_total", "Total number of push requests");

    void asked(int jobs) {
      requests.add(jobs);
    }

    void taken(long nanos) {
      latency.observeNanos(nanos);
    }

    void collect(MetricsSink sink, String driver, String pipeline, Way way) {
      if (requests.value() > 0) {
        String[] labels = {"driver", driver, "job", pipeline, "source", way.label()};
        latency.collect(sink, labels);
        requests.collect(sink, labels);
      }
    }
  }
}
