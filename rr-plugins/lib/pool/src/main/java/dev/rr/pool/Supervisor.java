package dev.rr.pool;

import dev.rr.api.worker.PoolConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Replaces workers that are too old, too big or idle for too long. The watcher's. */
final class Supervisor {
  private static final long MEGABYTE = 1 << 20;

  private final WorkerPool pool;
  private final PoolConfig.Supervisor config;
  private long nextAt;

  Supervisor(WorkerPool pool, PoolConfig.Supervisor config) {
    this.pool = pool;
    this.config = config;
    this.nextAt = config.watchTick().toNanos();
  }

  void tick(long now, List<Worker> workers) {
    if (now < nextAt) {
      return;
    }
    nextAt = now + config.watchTick().toNanos();
    for (Worker worker : workers) {
      State state = worker.state();
      if (worker.isOpen() && (state == State.READY || state == State.WORKING)) {
        look(now, worker, state);
      }
    }
  }

  private void look(long now, Worker worker, State state) {
    if (exceeds(config.ttl(), worker.age(now))) {
      retire(worker, State.TTL, "worker's ttl is reached", "EventTTL");
    } else if (tooBig(worker)) {
      retire(worker, State.MAX_MEMORY, "worker's max memory is reached", "EventMaxMemory");
    } else if (state == State.READY
        && worker.usedAt() > 0
        && exceeds(config.idleTtl(), now - worker.usedAt())) {
      // Upstream logs this as EventTTL.
      retire(worker, State.IDLE_TTL, "worker's idle ttl is reached", "EventTTL");
    }
  }

  private void retire(Worker worker, State why, String message, String event) {
    pool.log().debug(message, "pid", worker.pid(), "internal_event_name", event);
    worker.retire(why);
  }

  private boolean tooBig(Worker worker) {
    if (config.maxWorkerMemory() == 0) {
      return false;
    }
    Optional<Long> resident = ProcStat.residentBytes(worker.pid());
    return resident.isPresent() && resident.get() >= config.maxWorkerMemory() * MEGABYTE;
  }

  private static boolean exceeds(Duration limit, long nanos) {
    return !limit.isZero() && nanos >= limit.toNanos();
  }
}
