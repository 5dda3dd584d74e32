package dev.rr.pool;

import dev.rr.api.worker.PoolConfig;
import java.util.concurrent.TimeUnit;

/**
 * Starts workers beside the configured ones when a request has waited for a while, and has them
 * leave when it has been quiet. The request that was the cause is served by them. The watcher's, so
 * its fields need no lock.
 */
final class Allocator {
  private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(500);

  private final PoolSettings settings;
  private final WorkerSet workers;
  private final PoolConfig.DynamicAllocator config;
  private final long triggerAfter;
  private final int most;
  private long lastBatch = Long.MIN_VALUE / 2;
  private long lastNeed;
  private long nextRemoval;

  Allocator(PoolSettings settings, WorkerSet workers, PoolConfig.DynamicAllocator config) {
    this.settings = settings;
    this.workers = workers;
    this.config = config;
    this.most = Math.clamp(2048L - settings.config().numWorkers(), 0, config.maxWorkers());
    // Half the time a request may wait, so that there is time left to start a worker.
    this.triggerAfter = Math.min(LONGEST_WAIT, settings.config().allocateTimeout().toNanos() / 2);
  }

  /**
   * Looks at the oldest request in the queue, and starts or ends workers for it.
   *
   * @return whether a worker is being started: requests in the queue are then not timed out
   */
  boolean tick(long now, TaskQueue queue) {
    if (queue.oldest(now) >= triggerAfter) {
      need(now);
    } else {
      shrink(now);
    }
    return workers.dynamicStarting();
  }

  private void need(long now) {
    lastNeed = now;
    nextRemoval = now + config.idleTimeout().toNanos();
    int free = most - workers.dynamic();
    // One batch a second: the workers of the last one may be enough once they serve.
    if (free > 0 && now - lastBatch >= PoolClock.SECOND) {
      lastBatch = now;
      int count = Math.min(free, config.spawnRate());
      settings.log().debug("no free worker, more are started", "count", count);
      workers.addDynamic(count);
    }
  }

  private void shrink(long now) {
    if (lastNeed > 0 && now >= nextRemoval) {
      nextRemoval = now + config.idleTimeout().toNanos();
      int removed = workers.removeDynamic(config.spawnRate());
      if (removed > 0) {
        settings.log().debug("it has been quiet, workers on top leave", "count", removed);
      }
    }
  }
}
