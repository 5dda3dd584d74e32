package dev.rr.pool;

import dev.rr.api.log.Log;
import dev.rr.api.worker.PoolConfig;
import dev.rr.process.ProcessFigures;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Replaces workers that are too old, too big or idle for too long. The watcher's, as its field. */
final class Supervisor {
  private static final long MEGABYTE = 1 << 20;

  private final Log log;
  private final PoolConfig.Supervisor config;
  private long nextAt;

  Supervisor(Log log, PoolConfig.Supervisor config) {
    this.log = log;
    this.config = config;
    this.nextAt = config.watchTick().toNanos();
  }

  void tick(long now, List<Worker> workers) {
    if (now < nextAt) {
      return;
    }
    nextAt = now + config.watchTick().toNanos();
    for (Worker worker : workers) {
      // One that starts or leaves is somebody else's business.
      State state = worker.state();
      if (worker.isOpen() && (state == State.READY || state == State.WORKING)) {
        look(now, worker, state);
      }
    }
  }

  // At most one reason a look: the first one that holds.
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

  // A busy worker finishes its request first; only exec_ttl breaks one off.
  private void retire(Worker worker, State why, String message, String event) {
    log.debug(message, "pid", worker.pid(), "internal_event_name", event);
    worker.retire(why);
  }

  private boolean tooBig(Worker worker) {
    if (config.maxWorkerMemory() == 0) {
      return false;
    }
    // Its own memory, without that of its children.
    Optional<Long> resident = ProcessFigures.residentBytes(worker.pid());
    return resident.isPresent() && resident.get() >= config.maxWorkerMemory() * MEGABYTE;
  }

  private static boolean exceeds(Duration limit, long nanos) {
    return !limit.isZero() && nanos >= limit.toNanos();
  }
}
