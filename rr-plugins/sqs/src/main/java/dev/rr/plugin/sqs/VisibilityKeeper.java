package dev.rr.plugin.sqs;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is held hidden from others, as long as it waits for a worker and is worked on: SQS
 * hides it for a time only. A job that is done within a third of that costs no call.
 */
final class VisibilityKeeper {
  private final String pipeline;
  private final SqsQueue queue;
  private final HeldMessages held;
  private final Log log;
  private @Nullable Thread thread;

  VisibilityKeeper(String pipeline, SqsQueue queue, HeldMessages held, Log log) {
    this.pipeline = pipeline;
    this.queue = queue;
    this.held = held;
    this.log = log;
  }

  /**
   * Begins.
   *
   * @param hidden how long SQS hides what was taken; zero when that is not known, or not at all
   */
  synchronized void start(Duration hidden) {
    if (hidden.isPositive()) {
      thread =
          Thread.ofVirtual()
              .name("rr-sqs-" + pipeline + "-keep")
              .start(() -> keepUntilTheEnd(hidden));
    }
  }

  synchronized void stop(Deadline deadline) throws InterruptedException {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      boolean _ = running.join(deadline.remaining());
    }
  }

  private void keepUntilTheEnd(Duration hidden) {
    Duration third = hidden.dividedBy(3);
    try {
      do {
        Thread.sleep(third);
      } while (keep(hidden, third));
    } catch (InterruptedException e) {
      // The pipeline is stopped.
    }
  }

  /** Answers whether it is worth going on. */
  private boolean keep(Duration hidden, Duration third) throws InterruptedException {
    List<SqsDelivery> due = held.since(third).stream().filter(SqsDelivery::isKept).toList();
    try {
      for (List<SqsDelivery> some : SqsQueue.batches(due)) {
        queue.hide(some, (int) hidden.toSeconds(), Deadline.after(third)).forEach(this::tellTheEnd);
      }
      return true;
    } catch (SqsFault e) {
      if (e.isPassing()) {
        return true;
      }
      log.warn(
          "jobs cannot be kept: one that takes longer than the visibility timeout is worked on"
              + " twice",
          "pipeline",
          pipeline,
          "error",
          e.getMessage());
      return false;
    }
  }

  private void tellTheEnd(SqsDelivery delivery) {
    delivery.giveUpKeeping();
    log.debug(
        "the job is not kept any more, SQS may hand it to another",
        "ID",
        delivery.job().id(),
        "pipeline",
        pipeline);
  }
}
