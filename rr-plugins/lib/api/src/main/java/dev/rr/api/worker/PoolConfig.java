package dev.rr.api.worker;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.StringOrList;
import java.time.Duration;
import java.util.Optional;

/** The {@code pool} part of a plugin's section; upstream's keys and defaults. */
@ConfigSection
public record PoolConfig(
    @Key(doc = "Start a fresh worker for every request.") boolean debug,
    @Key(doc = "Overrides server.command for this pool.") StringOrList command,
    @Key(min = 0, max = 500, doc = "Workers to keep; 0 is one for each processor.") int numWorkers,
    @Key(
            min = 0,
            doc = "Requests after which a worker is replaced, plus up to 14 percent; 0 is never.")
        long maxJobs,
    @Key(min = 0, doc = "Requests waiting and executing at once; 0 is 65536.") long maxQueueSize,
    @Key(
            fallback = "60s",
            doc = "How long a worker may take to start, and a request may wait for one.")
        Duration allocateTimeout,
    @Key(fallback = "60s", doc = "How long a reset waits for the old workers.")
        Duration resetTimeout,
    @Key(fallback = "60s", doc = "How long a cancelled stream may take to end.")
        Duration streamTimeout,
    @Key(fallback = "60s", doc = "How long stopping waits for busy workers.")
        Duration destroyTimeout,
    Optional<Supervisor> supervisor,
    Optional<DynamicAllocator> dynamicAllocator) {

  /** Requests that may wait and execute at once when {@code max_queue_size} is 0. */
  public static final int DEFAULT_QUEUE = 65_536;

  private static final Duration MINUTE = Duration.ofSeconds(60);

  public PoolConfig {
    // Upstream takes a zero for "not set".
    numWorkers = numWorkers == 0 ? Runtime.getRuntime().availableProcessors() : numWorkers;
    allocateTimeout = allocateTimeout.isZero() ? MINUTE : allocateTimeout;
    resetTimeout = resetTimeout.isZero() ? MINUTE : resetTimeout;
    streamTimeout = streamTimeout.isZero() ? MINUTE : streamTimeout;
    destroyTimeout = destroyTimeout.isZero() ? MINUTE : destroyTimeout;
  }

  /** A pool of {@code workers} with every other key at its default. */
  public static PoolConfig of(int workers) {
    return new PoolConfig(
        false,
        StringOrList.EMPTY,
        workers,
        0,
        0,
        MINUTE,
        MINUTE,
        MINUTE,
        MINUTE,
        Optional.empty(),
        Optional.empty());
  }

  /** Limits that are checked at every tick; zero is off. */
  @ConfigSection
  public record Supervisor(
      @Key(fallback = "5s", doc = "How often workers are looked at.") Duration watchTick,
      @Key(doc = "Age at which a worker is replaced.") Duration ttl,
      @Key(doc = "Idle time after which a used worker is replaced.") Duration idleTtl,
      @Key(doc = "Time a request may take before its worker is killed.") Duration execTtl,
      @Key(min = 0, doc = "Megabytes of resident memory at which a worker is replaced.")
          long maxWorkerMemory) {
    public Supervisor {
      watchTick = watchTick.isZero() ? Duration.ofSeconds(5) : watchTick;
    }
  }

  /** Workers on top of {@code num_workers} while none is free. */
  @ConfigSection
  public record DynamicAllocator(
      @Key(fallback = "10", min = 0, doc = "Workers on top.") int maxWorkers,
      @Key(fallback = "5", min = 0, doc = "Workers started at once; at most 100.") int spawnRate,
      @Key(fallback = "1m", doc = "Quiet time after which they leave.") Duration idleTimeout) {
    public DynamicAllocator {
      maxWorkers = maxWorkers == 0 ? 10 : maxWorkers;
      spawnRate = spawnRate == 0 ? 5 : Math.min(spawnRate, 100);
      idleTimeout = idleTimeout.compareTo(Duration.ofSeconds(1)) < 0 ? MINUTE : idleTimeout;
    }
  }
}
