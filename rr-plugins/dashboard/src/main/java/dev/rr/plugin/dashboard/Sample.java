package dev.rr.plugin.dashboard;

import dev.rr.api.log.Log;
import dev.rr.api.worker.WorkerManager;
import dev.rr.api.worker.WorkerSnapshot;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One look at everything that is counted.
 *
 * @param millis Unix time
 * @param nanos on the monotonic clock
 */
record Sample(long millis, long nanos, Map<String, Pool> pools, Figures figures) {
  /** The workers of a plugin and what waits for them. */
  record Pool(List<WorkerSnapshot> workers, int queued) {}

  /** Takes one; a plugin that cannot be asked is left out, at debug level. */
  static Sample take(Collected collected, Log log) {
    Map<String, Pool> pools = new TreeMap<>();
    collected.managers().forEach((id, manager) -> ask(id, log, () -> pools.put(id, pool(manager))));
    Figures figures = new Figures();
    collected
        .sources()
        .forEach((id, source) ->
            ask(
                id,
                log,
                () -> {
                  figures.of(id);
                  source.collect(figures);
                }));
    return new Sample(System.currentTimeMillis(), System.nanoTime(), pools, figures);
  }

  private static Pool pool(WorkerManager manager) {
    return new Pool(manager.workers(), manager.queued());
  }

  private static void ask(String plugin, Log log, Runnable question) {
    try {
      question.run();
    } catch (RuntimeException e) {
      log.log(Log.Level.DEBUG, "a plugin cannot be asked", e, "plugin", plugin);
    }
  }

  /** All that work; processes of services, which tell their command, do something else. */
  List<WorkerSnapshot> workers() {
    return pools.values().stream()
        .flatMap(p -> p.workers().stream())
        .filter(w -> w.command().isEmpty())
        .toList();
  }

  int working() {
    return (int) workers().stream().filter(WorkerSnapshot::isWorking).count();
  }

  long memory() {
    return workers().stream().mapToLong(WorkerSnapshot::memoryUsage).sum();
  }

  int queued() {
    return pools.values().stream().mapToInt(Pool::queued).sum();
  }
}
