package dev.rr.plugin.kafka;

import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/** Sends records, and waits until the brokers have them. Any thread. */
final class RecordPublisher {
  private final Clients clients;
  private final Producer<byte[], byte[]> producer;
  private final boolean makesTopics;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  RecordPublisher(Clients clients) {
    this.clients = clients;
    this.producer = clients.producer();
    this.makesTopics = clients.keys().autoCreateTopicsEnable();
  }

  /**
   * Sends them all, and returns when all are there.
   *
   * @throws IOException for the user; those before the first that failed are there
   */
  void publish(List<ProducerRecord<byte[], byte[]>> records, Deadline deadline)
      throws IOException, InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
    try {
      for (ProducerRecord<byte[], byte[]> record : records) {
        checkTopic(record.topic(), deadline);
        sent.add(send(record, deadline));
      }
    } catch (InterruptException e) {
      boolean unused = Thread.interrupted();
      throw new InterruptedException();
    } catch (KafkaException | IllegalArgumentException | IllegalStateException e) {
      await(sent, deadline);
      throw new IOException(KafkaFaults.text(e), e);
    }
    await(sent, deadline);
  }

  /** The library always lets the brokers make topics. */
  private void checkTopic(String topic, Deadline deadline)
      throws IOException, InterruptedException {
    if (makesTopics || known.contains(topic)) {
      return;
    }
    if (!clients.hasTopic(topic, deadline.remaining())) {
      throw new IOException(
          "UNKNOWN_TOPIC_OR_PARTITION: there is no topic '"
              + topic
              + "', and auto_create_topics_enable is off");
    }
    known.add(topic);
  }

  /** What the library could not even begin to send within its short patience is tried again. */
  private Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Deadline deadline)
      throws IOException {
    while (true) {
      Future<RecordMetadata> sent = producer.send(record);
      if (!hasTimedOut(sent)) {
        return sent;
      }
      if (deadline.passed()) {
        throw unanswered(sent.exceptionNow());
      }
    }
  }

  private static boolean hasTimedOut(Future<RecordMetadata> sent) {
    return sent.isDone()
        && sent.state() == Future.State.FAILED
        && sent.exceptionNow() instanceof TimeoutException;
  }

  private void await(List<Future<RecordMetadata>> sent, Deadline deadline)
      throws IOException, InterruptedException {
    for (Future<RecordMetadata> one : sent) {
      try {
        var unused = one.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        throw new IOException(KafkaFaults.text(e), e);
      } catch (java.util.concurrent.TimeoutException e) {
        throw unanswered(e);
      }
    }
  }

  private IOException unanswered(Throwable cause) {
    return new IOException(
        "context deadline exceeded: the brokers did not take it in time: " + clients.brokers(),
        cause);
  }

  /** Gives up what is not sent by then. */
  void close(Deadline deadline) {
    producer.close(deadline.within(Duration.ofSeconds(5)).remaining());
  }
}
