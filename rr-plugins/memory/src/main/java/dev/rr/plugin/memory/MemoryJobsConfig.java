package dev.rr.plugin.memory;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/** What a pipeline may say whose driver is {@code memory}; upstream's key and default. */
@ConfigSection(value = "jobs.pipelines.*.config", driver = "memory")
record MemoryJobsConfig(
    @Key(min = 0, doc = "Jobs that wait for a worker or are worked on at once; 0 is 100000.")
        long prefetch,
    @Key(fallback = "true", doc = "Whether the job of a worker that died comes again.")
        boolean requeueOnFail) {
  private static final long PREFETCH = 100_000;

  MemoryJobsConfig {
    prefetch = prefetch == 0 ? PREFETCH : prefetch;
  }
}
