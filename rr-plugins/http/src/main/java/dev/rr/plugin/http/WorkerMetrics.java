package dev.rr.plugin.http;

import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.worker.WorkerSnapshot;
import java.util.List;

/** The pool's figures under upstream's names, from one look at the workers. Any thread. */
final class WorkerMetrics {
  private static final int READY = 1;
  private static final int WORKING = 2;

  private WorkerMetrics() {}

  static void collect(List<WorkerSnapshot> workers, MetricsSink sink) {
    int ready = 0;
    int working = 0;
    long memory = 0;
    for (WorkerSnapshot worker : workers) {
      String pid = Long.toString(worker.pid());
      memory += worker.memoryUsage();
      ready += worker.status() == READY ? 1 : 0;
      working += worker.status() == WORKING ? 1 : 0;
      // Upstream tells in the labels alone; the value says nothing.
      sink.gauge(
          "rr_http_worker_state",
          "Worker current state",
          0,
          "state",
          worker.statusStr(),
          "pid",
          pid);
      sink.gauge(
          "rr_http_worker_memory_bytes",
          "Worker current memory usage",
          worker.memoryUsage(),
          "pid",
          pid);
    }
    int invalid = workers.size() - ready - working;
    sink.gauge("rr_http_total_workers", "Workers of the HTTP pool", workers.size());
    sink.gauge("rr_http_workers_memory_bytes", "Memory used by the HTTP workers", memory);
    sink.gauge("rr_http_workers_ready", "HTTP workers that wait for requests", ready);
    sink.gauge("rr_http_workers_working", "HTTP workers that answer requests", working);
    sink.gauge("rr_http_workers_invalid", "HTTP workers in any other state", invalid);
  }
}
