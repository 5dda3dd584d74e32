package dev.rr.plugin.jobs;

import dev.rr.api.jobs.Job;
import dev.rr.api.log.Log;
import dev.rr.plugin.jobs.JobsConfig.DeadLetter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Sends jobs that failed for good to another pipeline, where theirs says which. How often a job was
 * tried stands in its headers, as brokers do not count alike, if at all. Any thread.
 */
final class DeadLetters {
  /** How often the job was tried, as long as it comes again. */
  static final String ATTEMPTS = "rr-attempts";

  /** How often it was tried in all. */
  static final String ALL_ATTEMPTS = "rr-failed-attempts";

  /** What was wrong the last time. */
  static final String ERROR = "rr-last-error";

  /** The pipeline in which it failed. */
  static final String PIPELINE = "rr-failed-pipeline";

  /** Before a job comes again whose other pipeline does not take it. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final int LONGEST_ERROR = 1024;

  private final Shared shared;
  private final Function<String, Optional<ManagedPipeline>> pipelines;

  /** What became of a job that was to come again. */
  enum Again {
    /** Nothing: its pipeline has no other for those that fail. */
    NOT_COUNTED,
    /** It comes again. */
    COUNTED,
    /** It does not. */
    BURIED
  }

  /**
   * Dead letters.
   *
   * @param pipelines finds one by its name
   */
  DeadLetters(Shared shared, Function<String, Optional<ManagedPipeline>> pipelines) {
    this.shared = shared;
    this.pipelines = pipelines;
  }

  /** A job is to come again: counts that, and buries it when that was often enough. */
  Again again(QueuedJob job, String error, Map<String, List<String>> headers, Duration delay)
      throws Exception {
    DeadLetter other = job.source.pipeline.deadLetter().orElse(null);
    if (other == null) {
      return Again.NOT_COUNTED;
    }
    int attempts = attempts(job.delivery.job()) + 1;
    if (attempts >= other.maxAttempts()) {
      return bury(job, error) ? Again.BURIED : Again.NOT_COUNTED;
    }
    Map<String, List<String>> counted = new HashMap<>(headers);
    counted.put(ATTEMPTS, List.of(Integer.toString(attempts)));
    job.delivery.requeue(counted, delay);
    return Again.COUNTED;
  }

  /**
   * A job is not to come again: pushes it to the other pipeline.
   *
   * @return false where its pipeline has no other for such jobs; then nothing was done
   */
  boolean bury(QueuedJob job, String error) throws Exception {
    DeadLetter other = job.source.pipeline.deadLetter().orElse(null);
    if (other == null) {
      return false;
    }
    Job dead = job.delivery.job();
    try {
      ManagedPipeline target =
          pipelines
              .apply(other.pipeline())
              .orElseThrow(() -> new IllegalStateException("no such pipeline"));
      target.push(List.of(letter(dead, job.source.pipeline, error, target)), shared.deadline());
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      shared.log().log(
          Log.Level.ERROR,
          "a failed job cannot be pushed to the other pipeline, it comes again",
          e,
          "ID",
          dead.id(),
          "deadletter",
          other.pipeline());
      job.delivery.nack(true, PAUSE);
      return true;
    }
    job.delivery.ack();
    shared
        .log()
        .warn(
            "a failed job went to another pipeline", "ID", dead.id(), "pipeline", other.pipeline());
    return true;
  }

  private static Job letter(Job dead, ManagedPipeline from, String error, ManagedPipeline to) {
    Map<String, List<String>> headers = new HashMap<>(dead.headers());
    headers.remove(ATTEMPTS);
    headers.put(ALL_ATTEMPTS, List.of(Integer.toString(attempts(dead) + 1)));
    headers.put(PIPELINE, List.of(from.name()));
    headers.put(ERROR, List.of(error.substring(0, Math.min(error.length(), LONGEST_ERROR))));
    if (!to.pool().isEmpty()) {
      headers.put(PushCalls.POOL, List.of(to.pool()));
    }
    return new Job(
        dead.id(),
        dead.name(),
        dead.payload(),
        headers,
        Job.Options.NONE.withPriority(to.priority()));
  }

  private static int attempts(Job job) {
    try {
      return job.headers().getOrDefault(ATTEMPTS, List.of()).stream()
          .findFirst()
          .map(Integer::parseInt)
          .orElse(0);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
