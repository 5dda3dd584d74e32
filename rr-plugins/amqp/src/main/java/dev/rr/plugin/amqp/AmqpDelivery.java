package dev.rr.plugin.amqp;

import com.rabbitmq.client.AlreadyClosedException;
import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.PipelineFaults;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A job that has arrived. Its outcome can be told only where it came from: when that channel has
 * ended, the broker brings it again.
 *
 * @param tags of the channel that it came from
 * @param tag its number there
 * @param told whether there was an outcome, also one that could not be told
 */
record AmqpDelivery(
    ChannelTags tags, long tag, Messages.Received message, Outcomes outcomes, AtomicBoolean told)
    implements Delivery {
  AmqpDelivery(ChannelTags tags, long tag, Messages.Received message, Outcomes outcomes) {
    this(tags, tag, message, outcomes, new AtomicBoolean());
  }

  /** No outcome can be told any more where its channel has ended. */
  @Override
  public boolean stale() {
    return !tags.isOpen();
  }

  @Override
  public Job job() {
    return message.job();
  }

  @Override
  public String queue() {
    return outcomes.queue();
  }

  @Override
  public String pipeline() {
    return message.pipeline();
  }

  @Override
  public void ack() throws IOException {
    tellOnce();
    tell(() -> tags.ack(tag, outcomes.multipleAck()));
  }

  @Override
  public void nack() throws IOException {
    tellOnce();
    tell(() -> tags.nack(tag, outcomes.requeueOnFail()));
  }

  @Override
  public void nack(boolean requeue, Duration delay) throws Exception {
    if (requeue && delay.isPositive()) {
      requeue(Map.of(), delay);
      return;
    }
    tellOnce();
    tell(() -> tags.nack(tag, requeue));
  }

  /** A copy is published, which the broker has before the job itself is done. */
  @Override
  public void requeue(Map<String, List<String>> headers, Duration delay) throws Exception {
    tellOnce();
    Job copy = job().withHeaders(headers).withOptions(job().options().withDelay(delay));
    try {
      outcomes.publish(copy, message.pipeline());
    } catch (Exception e) {
      nackQuietly();
      throw e;
    }
    tell(() -> tags.ack(tag, false));
  }

  /** The broker gets it back as it was, unless there was an outcome. */
  void giveBack() {
    if (told.compareAndSet(false, true)) {
      nackQuietly();
    }
  }

  private void nackQuietly() {
    try {
      tags.nack(tag, true);
    } catch (IOException | AlreadyClosedException e) {
      // It has it back then.
    }
  }

  /** A second outcome would end the channel, and with it those of all other jobs. */
  private void tellOnce() {
    outcomes.checkOpen();
    if (!told.compareAndSet(false, true)) {
      throw PipelineFaults.settled();
    }
  }

  /** What is told. */
  private interface Telling {
    void run() throws IOException;
  }

  private void tell(Telling telling) throws IOException {
    try {
      telling.run();
    } catch (IOException | AlreadyClosedException e) {
      throw new IOException(
          "the connection that the job came from is gone, the broker brings it again: "
              + AmqpFaults.text(e),
          e);
    }
  }
}
