package dev.rr.pool;

import dev.rr.api.log.Log;
import dev.rr.api.worker.PoolConfig;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * What all parts of one pool know from its beginning to its end. Immutable; any thread.
 *
 * @param name names the threads
 * @param launcher asked for each worker; there from the start of the pool on
 * @param log where the pool reports
 * @param stderrLog where the workers' stderr goes
 * @param execTtl nanoseconds that a request may take; 0 for no limit
 */
record PoolSettings(
    String name,
    PoolConfig config,
    Supplier<Launcher> launcher,
    Log log,
    Log stderrLog,
    PoolClock clock,
    long execTtl) {

  static PoolSettings of(
      String name,
      PoolConfig config,
      Supplier<Launcher> launcher,
      Log log,
      Log stderrLog,
      PoolClock clock) {
    long execTtl = config.supervisor().map(s -> s.execTtl().toNanos()).orElse(0L);
    return new PoolSettings(name, config, launcher, log, stderrLog, clock, execTtl);
  }

  long now() {
    return clock.now();
  }

  /** How many payloads a new worker may take. The jitter keeps workers from leaving all at once. */
  long maxJobs() {
    if (config.debug()) {
      return 1;
    }
    long jobs = config.maxJobs();
    return jobs == 0 ? Long.MAX_VALUE : jobs + jobs * ThreadLocalRandom.current().nextInt(15) / 100;
  }

  long maxQueue() {
    return config.maxQueueSize() == 0 ? PoolConfig.DEFAULT_QUEUE : config.maxQueueSize();
  }

  /** The shortest of the limits that the watcher enforces; tells how often it has to look. */
  Duration shortestLimit() {
    Duration shortest = config.allocateTimeout();
    if (config.supervisor().isPresent()) {
      PoolConfig.Supervisor supervisor = config.supervisor().get();
      shortest = shorter(shortest, supervisor.execTtl());
      shortest = shorter(shortest, supervisor.watchTick());
    }
    shortest = shorter(shortest, config.streamTimeout());
    return shorter(shortest, config.resetTimeout());
  }

  private static Duration shorter(Duration a, Duration b) {
    return b.isZero() || a.compareTo(b) < 0 ? a : b;
  }
}
