package dev.rr.plugin.sqs;

import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.VISIBILITY_TIMEOUT;

import dev.rr.api.error.OperationException;
import dev.rr.api.jobs.ConsumerThread;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineFaults;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** A pipeline on a queue of SQS. Any thread. */
final class SqsPipeline implements Pipeline {
  private static final String DRIVER = "sqs";
  private static final Duration OPEN = Duration.ofSeconds(30);

  /** For an outcome, also while SQS is away. */
  private static final Duration OUTCOME = Duration.ofSeconds(30);

  private static final Duration GIVE_BACK = Duration.ofSeconds(5);
  private static final int LONGEST_DELAY = 900;

  private final PipelineSpec spec;
  private final QueueKeys keys;
  private final Log log;
  private final SqsQueue queue;
  private final QueueSender sender;
  private final HeldMessages held;
  private final VisibilityKeeper keeper;
  private final ConsumerThread consumer;
  private final AtomicBoolean delayTold = new AtomicBoolean();
  private final AtomicBoolean stopped = new AtomicBoolean();

  /** One that is not open. */
  SqsPipeline(PipelineSpec spec, QueueKeys keys, SqsServer server, JobSink sink, Log log) {
    this.spec = spec;
    this.keys = keys;
    this.log = log;
    this.queue = new SqsQueue(spec.name(), keys, server, log);
    this.sender = new QueueSender(queue);
    this.held = new HeldMessages(keys.maxMessagesInFlight());
    this.keeper = new VisibilityKeeper(spec.name(), queue, held, log);
    this.consumer =
        new ConsumerThread(
            DRIVER, spec.name(), new MessagePoller(this, queue, held, sink, log), sink::lost);
  }

  /** Finds or makes the queue. */
  void open() throws Exception {
    Deadline deadline = Deadline.after(OPEN);
    try {
      queue.declare(deadline);
    } catch (IOException e) {
      throw OperationException.within("new_sqs_consumer", e);
    }
    keeper.start(hidden(deadline));
  }

  /** How long SQS hides what was taken; zero when it does not tell. */
  private Duration hidden(Deadline deadline) throws InterruptedException {
    if (keys.visibilityTimeout() > 0) {
      return Duration.ofSeconds(keys.visibilityTimeout());
    }
    try {
      return Duration.ofSeconds(
          number(queue.attributes(deadline, VISIBILITY_TIMEOUT), VISIBILITY_TIMEOUT));
    } catch (SqsFault e) {
      log.warn(
          "the queue's visibility timeout is not told: a job that takes longer will be worked on"
              + " twice, unless visibility_timeout is set",
          "pipeline",
          spec.name(),
          "error",
          e.getMessage());
      return Duration.ZERO;
    }
  }

  private static long number(Map<QueueAttributeName, String> attributes, QueueAttributeName name) {
    String text = attributes.getOrDefault(name, "");
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  // ---- in --------------------------------------------------------------------------------------

  @Override
  public void push(List<Job> jobs, Deadline deadline) throws Exception {
    checkOpen();
    if (keys.isFifo() && keys.messageGroupId().isEmpty()) {
      throw OperationException.of(
          "sqs_push", keys.queue() + " is a FIFO queue, whose jobs need a message_group_id");
    }
    List<Job> allowed = jobs.stream().takeWhile(job -> seconds(job) <= LONGEST_DELAY).toList();
    List<QueueSender.Outbound> messages = new ArrayList<>(allowed.size());
    for (Job job : allowed) {
      messages.add(outbound(job, keys.messageGroupId(), job.id()));
    }
    try {
      sender.send(messages, deadline);
    } catch (IOException e) {
      throw OperationException.within("sqs_push", e);
    }
    if (allowed.size() < jobs.size()) {
      throw OperationException.of("sqs_push", tooLate(jobs.get(allowed.size())));
    }
  }

  private static int seconds(Job job) {
    return QueueMessage.seconds(job.options().delay());
  }

  private static String tooLate(Job job) {
    return "unable to push, maximum possible delay is 900 seconds (15 minutes), provided: "
        + seconds(job);
  }

  /**
   * What is sent.
   *
   * @param group of a FIFO queue; empty for none
   * @param deduplication what a FIFO queue takes once in five minutes
   */
  private QueueSender.Outbound outbound(Job job, String group, String deduplication) {
    QueueMessage message = QueueMessage.of(job);
    SendMessageBatchRequestEntry.Builder entry =
        SendMessageBatchRequestEntry.builder()
            .messageBody(message.body())
            .messageAttributes(message.attributes());
    if (!group.isEmpty()) {
      entry.messageGroupId(group);
    }
    if (keys.isFifo()) {
      entry.messageDeduplicationId(deduplication);
      tellDelay(job);
    } else {
      entry.delaySeconds(seconds(job));
    }
    return new QueueSender.Outbound(entry, message.size());
  }

  private void tellDelay(Job job) {
    if (seconds(job) > 0 && delayTold.compareAndSet(false, true)) {
      log.warn(
          "a FIFO queue cannot delay single jobs, they are sent without",
          "pipeline",
          spec.name(),
          "queue",
          keys.queue());
    }
  }

  // ---- its life --------------------------------------------------------------------------------

  @Override
  public void resume(Deadline deadline) {
    checkOpen();
    consumer.resume();
  }

  @Override
  public void pause(Deadline deadline) throws Exception {
    consumer.pause(deadline);
  }

  @Override
  public PipelineState state(Deadline deadline) throws Exception {
    try {
      Map<QueueAttributeName, String> attributes =
          queue.attributes(
              deadline,
              APPROXIMATE_NUMBER_OF_MESSAGES,
              APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
              APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
      return new PipelineState(
          spec.name(),
          DRIVER,
          queue.url(),
          number(attributes, APPROXIMATE_NUMBER_OF_MESSAGES),
          number(attributes, APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED),
          number(attributes, APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
          consumer.active(),
          spec.priority(),
          "");
    } catch (IOException e) {
      throw OperationException.within("sqs_state", e);
    }
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    if (stopped.getAndSet(true)) {
      return;
    }
    try {
      consumer.stop(deadline);
    } finally {
      keeper.stop(deadline);
      giveBack(held.stop(), deadline);
    }
  }

  private void checkOpen() {
    if (stopped.get()) {
      throw PipelineFaults.stopped();
    }
  }

  // ---- out -------------------------------------------------------------------------------------

  /** It is done. */
  void delete(SqsDelivery delivery) throws Exception {
    held.check(delivery);
    try {
      queue.delete(delivery, Deadline.after(OUTCOME));
    } finally {
      held.remove(delivery);
    }
  }

  /** Nobody could work on it, or its worker has refused it: as upstream, it comes again. */
  void fail(SqsDelivery delivery) throws Exception {
    if (!keys.retainFailedJobs()) {
      replace(delivery, delivery.own());
      return;
    }
    held.check(delivery);
    try {
      if (keys.errorVisibilityTimeout() > 0) {
        // What is not in flight any more comes again anyway.
        var _ =
            queue.hide(List.of(delivery), keys.errorVisibilityTimeout(), Deadline.after(OUTCOME));
      }
    } finally {
      held.remove(delivery);
    }
  }

  /**
   * Another job comes in its place. Where SQS does not take that, it comes again as it was once it
   * is not hidden any more.
   */
  void replace(SqsDelivery delivery, Job again) throws Exception {
    held.check(delivery);
    try {
      if (seconds(again) > LONGEST_DELAY) {
        throw new IOException(tooLate(again));
      }
      String group = delivery.group().orElse(keys.messageGroupId());
      Deadline deadline = Deadline.after(OUTCOME);
      sender.send(List.of(outbound(again, group, UUID.randomUUID().toString())), deadline);
      queue.delete(delivery, deadline);
    } finally {
      held.remove(delivery);
    }
  }

  /** Has jobs come again at once that nobody has worked on, as far as SQS answers. */
  void giveBack(List<SqsDelivery> deliveries, Deadline deadline) throws InterruptedException {
    Deadline soon = deadline.within(GIVE_BACK);
    try {
      for (List<SqsDelivery> some : SqsQueue.batches(deliveries)) {
        var _ = queue.hide(some, 0, soon);
      }
    } catch (SqsFault e) {
      log.warn(
          "jobs could not be given back, they come again when SQS hides them no longer",
          "pipeline",
          spec.name(),
          "jobs",
          deliveries.size(),
          "error",
          e.getMessage());
    } finally {
      deliveries.forEach(held::remove);
    }
  }

  // ---- what its parts ask ----------------------------------------------------------------------

  String name() {
    return spec.name();
  }

  QueueKeys keys() {
    return keys;
  }
}
