package dev.rr.plugin.jobs;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.api.worker.PoolConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code jobs} section; upstream's keys and defaults. */
@ConfigSection("jobs")
record JobsConfig(
    @Key(doc = "Ignored: there are as many as the workers need.") long numPollers,
    @Key(min = 0, doc = "Jobs that may wait for a worker in memory; 0 is 1000000.")
        long pipelineSize,
    @Key(
            min = 0,
            max = 86_400,
            doc = "Seconds that a driver may take to push, pause, resume or tell; 0 is 60.")
        long timeout,
    Optional<Options> options,
    Optional<PoolConfig> pool,
    @Key(doc = "Pools by name, instead of one; each pipeline says whose workers it wants.")
        Map<String, PoolConfig> pools,
    @Key(doc = "Pipelines by name.") Map<String, Keys> pipelines,
    @Key(doc = "Pipelines that consume from the start, or once they are declared.")
        List<String> consume)
    implements Checked {
  static final String ONE_OF_TWO = "both pool and pools options cannot be set at the same time";

  private static final long MOST_JOBS = 1_000_000;
  private static final long SECONDS = 60;
  private static final int PARALLELISM = 10;
  private static final int PARALLELISM_OF_OPTIONS = 5;

  JobsConfig {
    pipelineSize = pipelineSize == 0 ? MOST_JOBS : pipelineSize;
    timeout = timeout == 0 ? SECONDS : timeout;
  }

  /** More options. */
  @ConfigSection
  record Options(
      @Key(min = 0, max = 1000, doc = "Pipelines that are opened or stopped at once; 0 is 5.")
          int parallelism) {
    Options {
      parallelism = parallelism == 0 ? PARALLELISM_OF_OPTIONS : parallelism;
    }
  }

  /** What every pipeline has, whatever its driver, in its {@code config} or beside it. */
  @ConfigSection
  record Keys(
      @Key(doc = "Who queues its jobs.") String driver,
      @Key(doc = "The pool that works on its jobs, where there are pools.") String pool,
      @Key(fallback = "10", doc = "That of its jobs that say none; the lower, the sooner.")
          long priority,
      @Key(doc = "Where jobs go that failed for good.") Optional<DeadLetter> deadletter,
      @Key(doc = "The driver's keys.") Section config) {
    static final long PRIORITY = 10;

    Keys {
      priority = priority == 0 ? PRIORITY : priority;
    }
  }

  /** Where jobs of a pipeline go that failed for good. */
  @ConfigSection
  record DeadLetter(
      @Key(required = true, doc = "The pipeline that takes them.") String pipeline,
      @Key(
              fallback = "3",
              min = 1,
              doc = "How often a job is tried, whatever requeue_on_fail says.")
          int maxAttempts) {}

  @Override
  public void check(Section at) {
    if (pool.isPresent() && !pools.isEmpty()) {
      at.problem("pools", ONE_OF_TWO);
    }
  }

  Duration deadline() {
    return Duration.ofSeconds(timeout);
  }

  int parallelism() {
    return options.map(Options::parallelism).orElse(PARALLELISM);
  }
}
