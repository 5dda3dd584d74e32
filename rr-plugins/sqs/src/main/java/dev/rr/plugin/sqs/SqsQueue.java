package dev.rr.plugin.sqs;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.stream.Gatherers;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/** A queue of SQS, which is made where that is wished, also when it was deleted. Any thread. */
final class SqsQueue {
  /** Between attempts to use a queue that was just made; SQS asks for a second. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  private static final int MOST = 10;

  private final String pipeline;
  private final QueueKeys keys;
  private final SqsServer server;
  private final Log log;
  private volatile String url = "";

  /** Whether it was told that the queue is gone, which it may be for a while. */
  private final AtomicBoolean gone = new AtomicBoolean();

  SqsQueue(String pipeline, QueueKeys keys, SqsServer server, Log log) {
    this.pipeline = pipeline;
    this.keys = keys;
    this.server = server;
    this.log = log;
  }

  /** Where it is; empty before it was declared. */
  String url() {
    return url;
  }

  /**
   * Finds it, or makes it. Asks once: whoever opens a pipeline is told what keeps him from it.
   *
   * @throws SqsFault when there is none and it cannot be made
   */
  void declare(Deadline deadline) throws SqsFault, InterruptedException {
    if (keys.skipQueueDeclaration()) {
      url = find(deadline);
      return;
    }
    try {
      url = find(deadline);
    } catch (SqsFault e) {
      // Whoever may make queues need not be allowed to look for them.
      if (e.isPassing()) {
        throw e;
      }
      url = make(deadline);
    }
  }

  private String find(Deadline deadline) throws SqsFault, InterruptedException {
    return server
        .ask(client -> client.getQueueUrl(queue -> queue.queueName(keys.queue())), deadline)
        .queueUrl();
  }

  private String make(Deadline deadline) throws SqsFault, InterruptedException {
    Map<String, String> attributes = QueueAttributes.of(keys);
    try {
      return server
          .ask(
              client ->
                  client.createQueue(queue ->
                      queue
                          .queueName(keys.queue())
                          .attributesWithStrings(attributes)
                          .tags(keys.tags())),
              deadline)
          .queueUrl();
    } catch (SqsFault e) {
      if (e.is(QueueNameExistsException.class)) {
        return find(deadline);
      }
      throw e;
    }
  }

  /** Asks something about it. */
  <T> T call(BiFunction<SqsClient, String, T> call, Deadline deadline)
      throws SqsFault, InterruptedException {
    T answer = server.call(client -> call.apply(client, url), deadline);
    gone.set(false);
    return answer;
  }

  /** As {@link #call}; a queue that is gone is made anew. */
  <T> T callDeclared(BiFunction<SqsClient, String, T> call, Deadline deadline)
      throws SqsFault, InterruptedException {
    while (true) {
      try {
        return call(call, deadline);
      } catch (SqsFault e) {
        if (!isGone(e) || deadline.remaining().compareTo(PAUSE) < 0) {
          throw e;
        }
      }
      try {
        declareAnew(deadline);
      } catch (SqsFault e) {
        // SQS makes none for a minute after one of the same name was deleted.
        if (!e.isPassing()) {
          throw e;
        }
      }
      Thread.sleep(PAUSE);
    }
  }

  /** Whether a failure says that it has to be declared anew. */
  boolean isGone(SqsFault fault) {
    return fault.is(QueueDoesNotExistException.class) && !keys.skipQueueDeclaration();
  }

  void declareAnew(Deadline deadline) throws SqsFault, InterruptedException {
    if (!gone.getAndSet(true)) {
      log.warn("the queue is gone, it is made anew", "pipeline", pipeline, "queue", keys.queue());
    }
    declare(deadline.within(SqsServer.ANSWER));
  }

  // ---- messages --------------------------------------------------------------------------------

  /** Asks once for so many messages; waits for the first as long as the keys say. */
  List<Message> receive(int most) throws SqsFault, InterruptedException {
    ReceiveMessageRequest.Builder request =
        ReceiveMessageRequest.builder()
            .queueUrl(url)
            .maxNumberOfMessages(most)
            .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
            .messageAttributeNames("All");
    if (keys.visibilityTimeout() > 0) {
      request.visibilityTimeout(keys.visibilityTimeout());
    }
    if (keys.waitTimeSeconds() > 0) {
      request.waitTimeSeconds(keys.waitTimeSeconds());
    }
    Duration answer = SqsServer.ANSWER.plusSeconds(Math.max(20, keys.waitTimeSeconds()));
    List<Message> messages =
        server
            .ask(client -> client.receiveMessage(request.build()), Deadline.after(answer))
            .messages();
    gone.set(false);
    return messages;
  }

  void delete(SqsDelivery delivery, Deadline deadline) throws SqsFault, InterruptedException {
    var _ =
        call(
            (client, at) ->
                client.deleteMessage(
                    message -> message.queueUrl(at).receiptHandle(delivery.receipt())),
            deadline);
  }

  /**
   * Hides messages for so long from now on, 0 for not at all.
   *
   * @param hidden ten at most
   * @return those of which that is not possible any more
   */
  List<SqsDelivery> hide(List<SqsDelivery> hidden, int seconds, Deadline deadline)
      throws SqsFault, InterruptedException {
    List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>(hidden.size());
    for (int i = 0; i < hidden.size(); i++) {
      entries.add(
          ChangeMessageVisibilityBatchRequestEntry.builder()
              .id(Integer.toString(i))
              .receiptHandle(hidden.get(i).receipt())
              .visibilityTimeout(seconds)
              .build());
    }
    return call(
            (client, at) ->
                client.changeMessageVisibilityBatch(b -> b.queueUrl(at).entries(entries)),
            deadline)
        .failed()
        .stream()
        .map(failed -> hidden.get(Integer.parseInt(failed.id())))
        .toList();
  }

  /** As many as one call may be about, each. */
  static List<List<SqsDelivery>> batches(List<SqsDelivery> deliveries) {
    return deliveries.stream().gather(Gatherers.windowFixed(MOST)).toList();
  }

  /** Its own attributes. */
  Map<QueueAttributeName, String> attributes(Deadline deadline, QueueAttributeName... names)
      throws SqsFault, InterruptedException {
    return call(
            (client, at) -> client.getQueueAttributes(q -> q.queueUrl(at).attributeNames(names)),
            deadline)
        .attributes();
  }
}
