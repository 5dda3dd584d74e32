package dev.rr.plugin.googlepubsub;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.PipelineFaults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A job that was handed to this server, until its outcome is told. Any thread. */
final class LeasedJob implements Delivery {
  private final PubSubPipeline owner;
  private final Job job;
  private final String messageId;
  private final long dueAt;
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile String ackId;

  /**
   * One that has arrived.
   *
   * @param messageId of the message, the same each time it is handed over
   * @param dueAt on the clock of {@link System#nanoTime}
   * @param ackId by which the server knows that it is held here
   */
  LeasedJob(PubSubPipeline owner, Job job, String messageId, long dueAt, String ackId) {
    this.owner = owner;
    this.job = job;
    this.messageId = messageId;
    this.dueAt = dueAt;
    this.ackId = ackId;
  }

  String messageId() {
    return messageId;
  }

  String ackId() {
    return ackId;
  }

  void ackId(String other) {
    ackId = other;
  }

  long dueAt() {
    return dueAt;
  }

  /** How long it is too early; negative once it is due. */
  Duration early() {
    return Duration.ofNanos(dueAt - System.nanoTime());
  }

  @Override
  public Job job() {
    return job;
  }

  /** As upstream has it: workers are told none. */
  @Override
  public String queue() {
    return "";
  }

  /** Its outcome is told once, also when that fails. */
  private void begin() {
    owner.leases().check(this);
    if (!told.compareAndSet(false, true)) {
      throw PipelineFaults.settled();
    }
  }

  @Override
  public void ack() throws Exception {
    begin();
    owner.done(this);
  }

  @Override
  public void nack() throws Exception {
    begin();
    owner.refused(this);
  }

  /**
   * As upstream does it: what is not asked to come again does so until it was refused too often.
   */
  @Override
  public void nack(boolean requeue, Duration delay) throws Exception {
    if (requeue) {
      requeue(Map.of(), delay);
    } else {
      nack();
    }
  }

  /** A copy behind all others, whose attempts are counted anew. */
  @Override
  public void requeue(Map<String, List<String>> headers, Duration delay) throws Exception {
    begin();
    Job again = job.withHeaders(headers);
    try {
      owner.publishAgain(again.withOptions(again.options().withDelay(delay)));
    } catch (Exception e) {
      owner.refused(this);
      throw e;
    }
    owner.done(this);
  }
}
