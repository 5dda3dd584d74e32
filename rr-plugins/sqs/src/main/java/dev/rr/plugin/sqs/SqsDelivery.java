package dev.rr.plugin.sqs;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** A job that was taken out of a queue. Two are never equal. */
final class SqsDelivery implements Delivery {
  private final SqsPipeline pipeline;
  private final String receipt;
  private final Optional<String> group;
  private final Job own;
  private final Job told;
  private final long takenAt = System.nanoTime();
  private volatile boolean beyondKeeping;

  SqsDelivery(SqsPipeline pipeline, Message message) {
    this.pipeline = pipeline;
    this.receipt = message.receiptHandle();
    this.group =
        Optional.ofNullable(message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID));
    this.own = QueueMessage.decode(message);
    this.told = QueueMessage.told(own, message);
  }

  /** With what SQS tells of the message among its headers. */
  @Override
  public Job job() {
    return told;
  }

  /** As it was pushed. */
  Job own() {
    return own;
  }

  @Override
  public String queue() {
    return pipeline.keys().queue();
  }

  /** What SQS calls this taking of it. */
  String receipt() {
    return receipt;
  }

  /** Its group in a FIFO queue. */
  Optional<String> group() {
    return group;
  }

  /** When it was taken, of {@link System#nanoTime}. */
  long takenAt() {
    return takenAt;
  }

  /** It cannot be hidden any longer. */
  void giveUpKeeping() {
    beyondKeeping = true;
  }

  boolean isKept() {
    return !beyondKeeping;
  }

  @Override
  public void ack() throws Exception {
    pipeline.delete(this);
  }

  @Override
  public void nack() throws Exception {
    pipeline.fail(this);
  }

  /** As upstream, it comes again in any case. */
  @Override
  public void nack(boolean requeue, Duration delay) throws Exception {
    if (requeue) {
      requeue(Map.of(), delay);
    } else {
      pipeline.fail(this);
    }
  }

  @Override
  public void requeue(Map<String, List<String>> headers, Duration delay) throws Exception {
    Job again = own.withHeaders(headers);
    pipeline.replace(this, again.withOptions(again.options().withDelay(delay)));
  }
}
