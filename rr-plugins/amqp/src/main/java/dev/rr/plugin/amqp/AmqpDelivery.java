package dev.rr.plugin.amqp;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A job that has arrived. Its outcome can be told only where it came from: when that channel has
 * ended, the broker brings it again.
 *
 * @param channel where it came from
 * @param tag its number there
 */
record AmqpDelivery(Channel channel, long tag, Messages.Received message, Outcomes outcomes)
    implements Delivery {
  /** Whether no outcome can be told any more, as the broker brings it again. */
  boolean isStale() {
    return !channel.isOpen();
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
    outcomes.checkOpen();
    told(() -> channel.basicAck(tag, outcomes.multipleAck()));
  }

  @Override
  public void nack() throws IOException {
    outcomes.checkOpen();
    told(() -> channel.basicNack(tag, false, outcomes.requeueOnFail()));
  }

  @Override
  public void nack(boolean requeue, Duration delay) throws Exception {
    if (requeue && delay.isPositive()) {
      requeue(Map.of(), delay);
      return;
    }
    outcomes.checkOpen();
    told(() -> channel.basicNack(tag, false, requeue));
  }

  /** A copy is published, which the broker has before the job itself is done. */
  @Override
  public void requeue(Map<String, List<String>> headers, Duration delay) throws Exception {
    outcomes.checkOpen();
    Job copy = job().withHeaders(headers).withOptions(job().options().withDelay(delay));
    try {
      outcomes.publish(copy, message.pipeline());
    } catch (Exception e) {
      giveBack();
      throw e;
    }
    told(() -> channel.basicAck(tag, false));
  }

  /** The broker gets it back as it was, if it has not taken it back itself. */
  void giveBack() {
    try {
      channel.basicNack(tag, false, true);
    } catch (IOException | AlreadyClosedException e) {
      // It has.
    }
  }

  /** What is told. */
  private interface Telling {
    void run() throws IOException;
  }

  private void told(Telling telling) throws IOException {
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
