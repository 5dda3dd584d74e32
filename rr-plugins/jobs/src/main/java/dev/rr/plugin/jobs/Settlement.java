package dev.rr.plugin.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.log.Log;
import java.time.Duration;
import java.util.Map;

/**
 * Tells drivers what has become of their jobs, and counts it. Whatever goes wrong here is logged:
 * nobody waits for it. Any thread; waits for the broker, unless the delivery is quick.
 */
final class Settlement {
  private final Shared shared;
  private final DeadLetters deadLetters;

  Settlement(Shared shared, DeadLetters deadLetters) {
    this.shared = shared;
    this.deadLetters = deadLetters;
  }

  /** A worker has answered. */
  void answered(QueuedJob job, byte[] body) {
    job.source.pipeline.failures().none();
    JobAnswer answer;
    try {
      answer = JobAnswer.read(body);
    } catch (RuntimeException e) {
      notHandled(job, body, e);
      acknowledge(job);
      return;
    }
    try {
      told(job, answer);
    } catch (Exception e) {
      notHandled(job, body, e);
    }
  }

  private void told(QueuedJob job, JobAnswer answer) throws Exception {
    switch (answer.kind()) {
      case NO_ERROR, ACK -> done(job);
      case ERROR -> {
        log(job, "jobs protocol error", answer);
        if (answer.requeue()) {
          again(job, answer);
        } else {
          refused(job, answer);
        }
      }
      case NACK -> {
        log(job, "jobs nack request", answer);
        if (answer.requeue()) {
          again(job, answer);
        } else {
          dropped(job, answer);
        }
      }
      case REQUEUE -> again(job, answer);
      case OTHER -> {
        shared.log().warn("unknown response type, acknowledging the JOB", "ID", id(job));
        done(job);
      }
    }
  }

  private void log(QueuedJob job, String message, JobAnswer answer) {
    shared
        .log()
        .error(
            message,
            "ID",
            id(job),
            "error",
            answer.message(),
            "delay",
            answer.delay().toSeconds(),
            "requeue",
            answer.requeue());
  }

  private void done(QueuedJob job) throws Exception {
    job.delivery.ack();
    shared.metrics().ok.increment();
    if (shared.log().enabled(Log.Level.DEBUG)) {
      shared.log().debug("job was processed successfully", "ID", id(job));
    }
  }

  private void again(QueuedJob job, JobAnswer answer) throws Exception {
    var again = deadLetters.again(job, answer.message(), answer.headers(), answer.delay());
    if (again == DeadLetters.Again.BURIED) {
      shared.metrics().failed.increment();
      return;
    }
    if (again == DeadLetters.Again.NOT_COUNTED) {
      if (answer.kind() == JobAnswer.Kind.NACK) {
        job.delivery.nack(true, answer.delay());
      } else {
        job.delivery.requeue(answer.headers(), answer.delay());
      }
    }
    shared.metrics().requeued.increment();
    shared
        .log()
        .info(
            "job was re-queued",
            "ID",
            id(job),
            "error",
            answer.message(),
            "delay",
            answer.delay().toSeconds());
  }

  /** The worker has failed for good. That it cannot be acknowledged is its broker's to know. */
  private void refused(QueuedJob job, JobAnswer answer) {
    shared.metrics().failed.increment();
    try {
      if (!deadLetters.bury(job, answer.message())) {
        job.delivery.ack();
      }
    } catch (Exception e) {
      shared.log().log(Log.Level.ERROR, "job acknowledge was failed", e, "ID", id(job));
    }
  }

  private void dropped(QueuedJob job, JobAnswer answer) throws Exception {
    if (!deadLetters.bury(job, answer.message())) {
      job.delivery.nack(false, answer.delay());
    }
    shared.metrics().failed.increment();
  }

  /**
   * An answer that cannot be understood or told. Where it cannot be told the job comes again: its
   * driver sees to that.
   */
  private void notHandled(QueuedJob job, byte[] body, Exception fault) {
    shared.metrics().failed.increment();
    shared.log().log(
        Log.Level.ERROR,
        "response handler error",
        fault,
        "ID",
        id(job),
        "response",
        new String(body, 0, Math.min(body.length, 1024), UTF_8));
  }

  /** A job whose worker talks nonsense must not come again for ever. */
  private void acknowledge(QueuedJob job) {
    try {
      job.delivery.ack();
      shared.log().error("job acknowledged, but contains error", "ID", id(job));
    } catch (Exception e) {
      shared.log().log(Log.Level.ERROR, "acknowledge failed, job might be lost", e, "ID", id(job));
    }
  }

  /**
   * Nobody could work on the job. Waits, so that what kills every worker does not do so at once.
   */
  void failed(QueuedJob job, String error) {
    shared.metrics().failed.increment();
    shared.log().error("job processed with errors", "ID", id(job), "error", error);
    shared.pause(job.source.pipeline.failures().one());
    Delivery delivery = job.delivery;
    try {
      if (deadLetters.again(job, error, Map.of(), Duration.ZERO) == DeadLetters.Again.NOT_COUNTED) {
        delivery.nack();
      }
    } catch (Exception e) {
      shared.log().log(Log.Level.ERROR, "negatively acknowledge failed", e, "ID", id(job));
    }
  }

  /** A job was not begun, and its pipeline was closed meanwhile: who has it brings it again. */
  void notBegun(QueuedJob job) {
    if (!(job.delivery instanceof AutoAcknowledged acknowledged)) {
      return;
    }
    try {
      acknowledged.requeue(Map.of(), Duration.ZERO);
    } catch (Exception e) {
      shared.log().log(
          Log.Level.ERROR, "a job that was acknowledged on arrival is lost", e, "ID", id(job));
    }
  }

  private static String id(QueuedJob job) {
    return job.delivery.job().id();
  }
}
