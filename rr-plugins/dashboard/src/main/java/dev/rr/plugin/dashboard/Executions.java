package dev.rr.plugin.dashboard;

import dev.rr.api.worker.WorkerSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What workers have executed since the first look, though they come and go. One thread. */
final class Executions {
  /** A process number may be given again. */
  private record Worker(long pid, long created) {}

  private Map<Worker, Long> known = Map.of();
  private boolean looked;
  private long total;

  /** Looks once more; returns the total so far. */
  long look(List<WorkerSnapshot> workers) {
    Map<Worker, Long> now = HashMap.newHashMap(workers.size());
    for (WorkerSnapshot worker : workers) {
      Worker key = new Worker(worker.pid(), worker.created());
      now.put(key, worker.numExecs());
      long before = known.getOrDefault(key, looked ? 0 : worker.numExecs());
      total += Math.max(0, worker.numExecs() - before);
    }
    known = now;
    looked = true;
    return total;
  }
}
