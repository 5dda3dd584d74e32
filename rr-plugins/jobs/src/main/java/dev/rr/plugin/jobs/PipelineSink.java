package dev.rr.plugin.jobs;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.log.Log;
import dev.rr.plugin.jobs.ManagedPipeline.Intake;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Takes jobs of one opening of a pipeline; the next has another. Any thread. */
final class PipelineSink extends QueuedJob.Source implements JobSink {
  private final Intake intake;
  private final Shared shared;
  private final AtomicBoolean over = new AtomicBoolean();

  PipelineSink(ManagedPipeline pipeline, Intake intake, Shared shared) {
    super(pipeline);
    this.intake = intake;
    this.shared = shared;
  }

  // ---- in --------------------------------------------------------------------------------------

  @Override
  public void add(Delivery delivery) throws InterruptedException {
    QueuedJob job = queued(delivery);
    if (job != null) {
      shared.queue().add(job);
      taken(job, delivery, true);
    }
  }

  @Override
  public boolean offer(Delivery delivery) {
    QueuedJob job = queued(delivery);
    if (job == null) {
      return true;
    }
    boolean room = shared.queue().offer(job);
    if (room) {
      taken(job, delivery, delivery.quick());
    }
    return room;
  }

  /** Null when it was refused. */
  private @Nullable QueuedJob queued(Delivery delivery) {
    Job job = delivery.job();
    Optional<String> pool = intake.pool(job, pipeline);
    if (pool.isEmpty()) {
      shared.log().error("invalid worker pool name", "ID", job.id(), "pipeline", pipeline.name());
      refuse(delivery);
      return null;
    }
    long own = job.options().priority();
    Delivery told =
        job.options().autoAck() ? new AutoAcknowledged(delivery, pipeline, shared) : delivery;
    return new QueuedJob(told, this, pool.get(), own == 0 ? pipeline.priority() : own);
  }

  private void refuse(Delivery delivery) {
    shared.metrics().failed.increment();
    var unused =
        later(
            "rr-jobs-refuse",
            delivery,
            () -> {
              shared.pause(pipeline.failures().one());
              delivery.nack();
            });
  }

  private void taken(QueuedJob job, Delivery delivery, boolean mayWait) {
    if (delivery.job().options().autoAck()) {
      if (mayWait) {
        acknowledge(delivery);
      } else {
        var unused = acknowledgeLater(delivery);
      }
    }
    intake.queued(job.pool);
  }

  /** The driver's thread is interrupted by a pause, which must neither get lost nor end this. */
  private void acknowledge(Delivery delivery) {
    try {
      acknowledgeLater(delivery).join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Thread acknowledgeLater(Delivery delivery) {
    return later("rr-jobs-ack", delivery, delivery::ack);
  }

  /** What may fail. */
  private interface Step {
    void run() throws Exception;
  }

  private Thread later(String thread, Delivery delivery, Step step) {
    return Thread.ofVirtual()
        .name(thread)
        .start(() -> {
          try {
            step.run();
          } catch (Exception e) {
            notTold(delivery, e);
          }
        });
  }

  private void notTold(Delivery delivery, Exception fault) {
    shared.log().log(Log.Level.ERROR, "acknowledge failed", fault, "ID", delivery.job().id());
  }

  // ---- its end ---------------------------------------------------------------------------------

  @Override
  public void lost(Throwable cause) {
    if (over.compareAndSet(false, true)) {
      pipeline.lost(this, cause);
    }
  }

  @Override
  public void ended(String reason) {
    if (over.compareAndSet(false, true)) {
      pipeline.ended(reason);
    }
  }

  /** Takes nothing more. Answers what waits, which nobody works on any more. */
  List<QueuedJob> close() {
    over.set(true);
    return shared.queue().close(this);
  }

  /**
   * Takes nothing more, and makes the sink of the next opening. It has what waits and is in no
   * broker any more.
   */
  PipelineSink next() {
    PipelineSink next = new PipelineSink(pipeline, intake, shared);
    for (QueuedJob job : close().reversed()) {
      if (job.delivery instanceof AutoAcknowledged
          && shared.queue().putBack(new QueuedJob(job.delivery, next, job.pool, job.priority))) {
        intake.queued(job.pool);
      }
    }
    return next;
  }
}
