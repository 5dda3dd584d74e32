package dev.rr.pool;

import dev.rr.api.worker.PoolConfig;
import java.util.concurrent.TimeUnit;

/**
 * Starts workers on top of the configured ones when a request has waited for a while, and sends
 * them home when it has been quiet. The request that was the cause is served by them. The
 * watcher's.
 */
final class Allocator {
  private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(500);

  private final WorkerPool pool;
  private final Crew crew;
  private final PoolConfig.DynamicAllocator config;
  private final long triggerAfter;
  private final int most;
  private long lastBatch = Long.MIN_VALUE / 2;
  private long lastNeed;
  private long nextRemoval;

  Allocator(WorkerPool pool, Crew crew, PoolConfig.DynamicAllocator config) {
    this.pool = pool;
    this.crew = crew;
    this.config = config;
    this.most = Math.clamp(2048L - pool.config().numWorkers(), 0, config.maxWorkers());
    // Half the time a request may wait, so that there is time left to start a worker.
    this.triggerAfter = Math.min(LONGEST_WAIT, pool.config().allocateTimeout().toNanos() / 2);
  }

  /**
   * Looks at the queue; true when a worker is on its way for whom waiting requests should wait on.
   */
  boolean tick(long now, TaskQueue queue) {
    if (queue.oldest(now) >= triggerAfter) {
      need(now);
    } else {
      shrink(now);
    }
    return crew.dynamicStarting();
  }

  private void need(long now) {
    lastNeed = now;
    nextRemoval = now + config.idleTimeout().toNanos();
    int free = most - crew.dynamic();
    if (free > 0 && now - lastBatch >= WorkerPool.second()) {
      lastBatch = now;
      int count = Math.min(free, config.spawnRate());
      pool.log().debug("no free worker, more are started", "count", count);
      crew.addDynamic(count);
    }
  }

  private void shrink(long now) {
    if (lastNeed > 0 && now >= nextRemoval) {
      nextRemoval = now + config.idleTimeout().toNanos();
      int removed = crew.removeDynamic(config.spawnRate());
      if (removed > 0) {
        pool.log().debug("it has been quiet, workers on top leave", "count", removed);
      }
    }
  }
}
