package dev.rr.metrics;

import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.worker.WorkerManager;
import dev.rr.api.worker.WorkerSnapshot;
import java.util.List;

/**
 * A pool's figures under upstream's names and in its words, all from one look at the workers. A
 * plugin with a pool offers it by an {@code @Offers} method. Any thread.
 *
 * @param prefix what the names begin with, for example {@code rr_http}
 * @param pool whose workers are looked at
 */
public record PoolMetrics(String prefix, WorkerManager pool) implements MetricsSource {
  private static final int READY = 1;
  private static final int WORKING = 2;

  @Override
  public void collect(MetricsSink sink) {
    List<WorkerSnapshot> workers = pool.workers();
    long ready = workers.stream().filter(w -> w.status() == READY).count();
    long working = workers.stream().filter(w -> w.status() == WORKING).count();
    long memory = workers.stream().mapToLong(WorkerSnapshot::memoryUsage).sum();
    workers.forEach(worker -> collect(worker, sink));
    gauge(sink, "total_workers", "Total number of workers used by the plugin", workers.size());
    gauge(sink, "workers_memory_bytes", "Memory usage by workers.", memory);
    gauge(sink, "workers_ready", "Workers currently in ready state", ready);
    gauge(sink, "workers_working", "Workers currently in working state", working);
    gauge(
        sink,
        "workers_invalid",
        "Workers currently in invalid,killing,destroyed,errored,inactive states",
        workers.size() - ready - working);
  }

  private void collect(WorkerSnapshot worker, MetricsSink sink) {
    String pid = Long.toString(worker.pid());
    // Upstream tells in the labels alone; the value says nothing.
    gauge(sink, "worker_state", "Worker current state", 0, "state", worker.statusStr(), "pid", pid);
    gauge(
        sink,
        "worker_memory_bytes",
        "Worker current memory usage",
        worker.memoryUsage(),
        "pid",
        pid);
  }

  private void gauge(MetricsSink sink, String name, String help, double value, String... labels) {
    sink.gauge(prefix + "_" + name, help, value, labels);
  }
}
