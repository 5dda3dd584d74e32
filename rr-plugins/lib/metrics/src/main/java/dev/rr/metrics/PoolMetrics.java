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
 * @param word whose workers they are in descriptions, for example {@code HTTP}; empty where
 *     upstream does not say
 * @param pool whose workers are looked at
 */
public record PoolMetrics(String prefix, String word, WorkerManager pool) implements MetricsSource {
  @Override
  public void collect(MetricsSink sink) {
    List<WorkerSnapshot> found = pool.workers();
    long ready = found.stream().filter(WorkerSnapshot::isReady).count();
    long working = found.stream().filter(WorkerSnapshot::isWorking).count();
    long memory = found.stream().mapToLong(WorkerSnapshot::memoryUsage).sum();
    found.forEach(worker -> collect(worker, sink));
    String workers = word.isEmpty() ? "Workers" : word + " workers";
    gauge(
        sink, "total_workers", "Total number of workers used by the " + of("plugin"), found.size());
    gauge(sink, "workers_memory_bytes", "Memory usage by " + of("workers."), memory);
    gauge(sink, "workers_ready", workers + " currently in ready state", ready);
    gauge(sink, "workers_working", workers + " currently in working state", working);
    gauge(
        sink,
        "workers_invalid",
        workers + " currently in invalid,killing,destroyed,errored,inactive states",
        found.size() - ready - working);
  }

  private String of(String what) {
    return word.isEmpty() ? what : word + " " + what;
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
