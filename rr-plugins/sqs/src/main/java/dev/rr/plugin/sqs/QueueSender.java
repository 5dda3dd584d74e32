package dev.rr.plugin.sqs;

import dev.rr.api.plugin.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Sends messages to a queue, several with one call, and waits until SQS has them. Any thread. */
final class QueueSender {
  private static final int MOST = 10;

  /** SQS takes a mebibyte since 2025, others what it took before: 256 KiB. */
  private static final int MOST_BYTES = 256 << 10;

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final SqsQueue queue;

  QueueSender(SqsQueue queue) {
    this.queue = queue;
  }

  /**
   * A message that is to be sent.
   *
   * @param entry whose id is not set
   */
  record Outbound(SendMessageBatchRequestEntry.Builder entry, int size) {}

  /**
   * Sends them all, in order.
   *
   * @throws SqsFault when that fails; those before the first that SQS has refused are there
   */
  void send(List<Outbound> messages, Deadline deadline) throws SqsFault, InterruptedException {
    int from = 0;
    while (from < messages.size()) {
      int to = end(messages, from);
      sendBatch(entries(messages.subList(from, to)), deadline);
      from = to;
    }
  }

  /** A message that is too large for a batch goes alone. */
  private static int end(List<Outbound> messages, int from) {
    int to = from + 1;
    int bytes = messages.get(from).size();
    while (to < messages.size() && to - from < MOST) {
      bytes += messages.get(to).size();
      if (bytes > MOST_BYTES) {
        return to;
      }
      to++;
    }
    return to;
  }

  private static List<SendMessageBatchRequestEntry> entries(List<Outbound> messages) {
    List<SendMessageBatchRequestEntry> entries = new ArrayList<>(messages.size());
    for (Outbound message : messages) {
      entries.add(message.entry().id(Integer.toString(entries.size())).build());
    }
    return entries;
  }

  /** What SQS itself could not do with some of them is tried again with those. */
  private void sendBatch(List<SendMessageBatchRequestEntry> batch, Deadline deadline)
      throws SqsFault, InterruptedException {
    List<SendMessageBatchRequestEntry> left = batch;
    while (true) {
      List<SendMessageBatchRequestEntry> now = left;
      List<BatchResultErrorEntry> failed =
          queue
              .callDeclared(
                  (client, url) -> client.sendMessageBatch(b -> b.queueUrl(url).entries(now)),
                  deadline)
              .failed();
      if (failed.isEmpty()) {
        return;
      }
      boolean goesOn = failed.stream().noneMatch(BatchResultErrorEntry::senderFault);
      if (!goesOn || deadline.remaining().compareTo(PAUSE) < 0) {
        throw SqsFault.of(first(failed).orElseThrow());
      }
      left =
          now.stream()
              .filter(entry -> failed.stream().anyMatch(f -> f.id().equals(entry.id())))
              .toList();
      Thread.sleep(PAUSE);
    }
  }

  private static Optional<BatchResultErrorEntry> first(List<BatchResultErrorEntry> failed) {
    return failed.stream().min(Comparator.comparing(BatchResultErrorEntry::id));
  }
}
