package dev.rr.plugin.jobs;

import dev.rr.api.health.Health;
import dev.rr.api.health.HealthCheck;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Resetter;
import dev.rr.api.worker.WorkerManager;
import dev.rr.api.worker.WorkerSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The pools, as those see them who list, reset and ask plugins for their workers: as one. Any
 * thread.
 *
 * @param pools by name; one of an empty name where {@code jobs.pool} says how it is
 */
record JobPools(Map<String, Pool> pools) implements WorkerManager, Resetter, HealthCheck {
  JobPools {
    pools = Map.copyOf(pools);
  }

  void start() throws InterruptedException {
    for (Pool pool : pools.values()) {
      pool.start();
    }
  }

  /** Stops all of them side by side. */
  void stop(Deadline deadline) throws Exception {
    Parallel.each(
        List.copyOf(pools.values()), pools.size(), "rr-jobs-stop", pool -> pool.stop(deadline));
  }

  @Override
  public List<WorkerSnapshot> workers() {
    List<WorkerSnapshot> all = new ArrayList<>();
    pools.values().forEach(pool -> all.addAll(pool.workers()));
    return all;
  }

  @Override
  public int queued() {
    return pools.values().stream().mapToInt(Pool::queued).sum();
  }

  @Override
  public void addWorker() throws InterruptedException {
    for (Pool pool : pools.values()) {
      pool.addWorker();
    }
  }

  @Override
  public void removeWorker() throws InterruptedException {
    for (Pool pool : pools.values()) {
      pool.removeWorker();
    }
  }

  @Override
  public void reset() throws InterruptedException {
    for (Pool pool : pools.values()) {
      pool.reset();
    }
  }

  @Override
  public Health live() throws Exception {
    return any(Pool::live);
  }

  @Override
  public Health ready() throws Exception {
    return any(Pool::ready);
  }

  private interface Asking {
    Health of(Pool pool) throws Exception;
  }

  private Health any(Asking asking) throws Exception {
    for (Pool pool : pools.values()) {
      if (asking.of(pool).equals(Health.UP)) {
        return Health.UP;
      }
    }
    return Health.DOWN;
  }
}
