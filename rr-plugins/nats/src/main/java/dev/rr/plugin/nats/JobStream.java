package dev.rr.plugin.nats;

import dev.rr.api.plugin.Deadline;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The stream of a pipeline, and its consumer there: durable, so that the server knows over all
 * restarts what is done. Immutable; any thread.
 *
 * @param consumer its name
 * @param ackWait how long a job may be silent
 * @param onlyNew whether a new consumer begins behind what the stream holds
 */
record JobStream(String name, String subject, String consumer, Duration ackWait, boolean onlyNew) {
  private static final int NO_STREAM = 10059;
  private static final int STREAM_EXISTS = 10058;
  private static final int NO_CONSUMER = 10014;
  private static final int NO_MESSAGE = 10037;

  /** Messages that are looked at, one by one: all may be that stand behind a job that waits. */
  private static final int MOST_LOOKED_AT = 10_000;

  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** One request, which is answered within the deadline. */
  private interface Request<T> {
    T of(JetStreamManagement management) throws IOException, JetStreamApiException;
  }

  private static <T> T ask(Connection connection, Deadline deadline, Request<T> request)
      throws IOException, JetStreamApiException {
    Duration timeout = deadline.within(LONGEST).remaining();
    return request.of(
        connection.jetStreamManagement(
            JetStreamOptions.builder().requestTimeout(timeout.plusMillis(1)).build()));
  }

  /**
   * When the consumer was made.
   *
   * @param now whether by this call
   */
  record Made(Instant at, boolean now) {
    /** Of a restarted server, which tells the moment of its file. */
    private static final Duration INEXACT = Duration.ofSeconds(1);

    /** Whether it is another consumer than that one, and knows of nothing that was held. */
    boolean isAnother(Made before) {
      return now || Duration.between(before.at, at).abs().compareTo(INEXACT) > 0;
    }
  }

  // ---- made ------------------------------------------------------------------------------------

  /**
   * Makes what is missing, and changes no more than it has to.
   *
   * @throws IOException when the server does not answer
   * @throws JetStreamApiException when it refuses
   */
  Made ensure(Connection connection, Deadline deadline) throws IOException, JetStreamApiException {
    ensureStream(connection, deadline);
    return ensureConsumer(connection, deadline);
  }

  private void ensureStream(Connection connection, Deadline deadline)
      throws IOException, JetStreamApiException {
    StreamConfiguration there;
    try {
      there = ask(connection, deadline, server -> server.getStreamInfo(name)).getConfiguration();
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NO_STREAM) {
        throw e;
      }
      make(connection, deadline);
      return;
    }
    if (there.getSubjects().stream().noneMatch(other -> Subjects.covers(other, subject))) {
      var _ = ask(connection, deadline, server -> server.updateStream(withSubject(there)));
    }
  }

  private void make(Connection connection, Deadline deadline)
      throws IOException, JetStreamApiException {
    StreamConfiguration plain = StreamConfiguration.builder().name(name).subjects(subject).build();
    try {
      var _ = ask(connection, deadline, server -> server.addStream(plain));
    } catch (JetStreamApiException e) {
      // Somebody else was quicker.
      if (e.getApiErrorCode() != STREAM_EXISTS) {
        throw e;
      }
    }
  }

  private StreamConfiguration withSubject(StreamConfiguration there) {
    List<String> subjects = new ArrayList<>(there.getSubjects());
    subjects.removeIf(other -> Subjects.covers(subject, other));
    subjects.add(subject);
    return StreamConfiguration.builder(there).subjects(subjects).build();
  }

  private Made ensureConsumer(Connection connection, Deadline deadline)
      throws IOException, JetStreamApiException {
    ConsumerInfo there;
    try {
      there = info(connection, deadline);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NO_CONSUMER) {
        throw e;
      }
      return new Made(created(consumer(connection, deadline, configuration())), true);
    }
    ConsumerConfiguration now = there.getConsumerConfiguration();
    if (!ackWait.equals(now.getAckWait()) || !subject.equals(now.getFilterSubject())) {
      var _ =
          consumer(
              connection,
              deadline,
              ConsumerConfiguration.builder(now).ackWait(ackWait).filterSubject(subject).build());
    }
    return new Made(created(there), false);
  }

  private ConsumerInfo consumer(
      Connection connection, Deadline deadline, ConsumerConfiguration wanted)
      throws IOException, JetStreamApiException {
    return ask(connection, deadline, server -> server.addOrUpdateConsumer(name, wanted));
  }

  private static Instant created(ConsumerInfo info) {
    return info.getCreationTime().toInstant();
  }

  private ConsumerConfiguration configuration() {
    return ConsumerConfiguration.builder()
        .durable(consumer)
        .filterSubject(subject)
        .ackPolicy(AckPolicy.Explicit)
        .ackWait(ackWait)
        // Each server bounds what it holds; jobs that wait for their time must not count.
        .maxAckPending(-1)
        .deliverPolicy(onlyNew ? DeliverPolicy.New : DeliverPolicy.All)
        .build();
  }

  /**
   * Has a server that was started anew forget what is deleted. One that was killed knows of that,
   * but not that it was done: it then tries again and again to hand over what is not there, and
   * hands over little else (seen with 2.9).
   */
  void settleDeleted(Connection connection, Deadline deadline)
      throws IOException, JetStreamApiException {
    ConsumerInfo info = info(connection, deadline);
    if (info.getNumAckPending() == 0) {
      return;
    }
    long stored =
        ask(connection, deadline, server -> server.getStreamInfo(name))
            .getStreamState()
            .getFirstSequence();
    long first = Math.max(stored, info.getAckFloor().getStreamSequence() + 1);
    long last = Math.min(info.getDelivered().getStreamSequence(), first + MOST_LOOKED_AT - 1);
    for (long sequence = first; sequence <= last; sequence++) {
      if (!holds(connection, sequence, deadline)) {
        // As the address of a delivery, whose number is not known; 0 is nobody's.
        connection.publish(
            "$JS.ACK." + name + "." + consumer + ".1." + sequence + ".0.0.0", NatsDelivery.ACK);
      }
    }
  }

  private boolean holds(Connection connection, long sequence, Deadline deadline)
      throws IOException, JetStreamApiException {
    try {
      var _ = ask(connection, deadline, server -> server.getMessage(name, sequence));
      return true;
    } catch (JetStreamApiException e) {
      if (isNoMessage(e)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean isNoMessage(JetStreamApiException e) {
    return e.getApiErrorCode() == NO_MESSAGE || e.getErrorCode() == 404;
  }

  // ---- asked -----------------------------------------------------------------------------------

  /** How many of its messages are pending where. */
  ConsumerInfo info(Connection connection, Deadline deadline)
      throws IOException, JetStreamApiException {
    return ask(connection, deadline, server -> server.getConsumerInfo(name, consumer));
  }

  /** Deletes a message, which need not be there. */
  void deleteMessage(Connection connection, long sequence, Deadline deadline)
      throws IOException, JetStreamApiException {
    try {
      var _ = ask(connection, deadline, server -> server.deleteMessage(name, sequence, false));
    } catch (JetStreamApiException e) {
      if (!isNoMessage(e)) {
        throw e;
      }
    }
  }

  /** Deletes the consumer: nobody knows any more what is done. It need not be there. */
  void deleteConsumer(Connection connection, Deadline deadline)
      throws IOException, JetStreamApiException {
    try {
      var _ = ask(connection, deadline, server -> server.deleteConsumer(name, consumer));
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NO_CONSUMER && e.getApiErrorCode() != NO_STREAM) {
        throw e;
      }
    }
  }

  /** Deletes it, with all that is in it. It need not be there. */
  void delete(Connection connection, Deadline deadline) throws IOException, JetStreamApiException {
    try {
      var _ = ask(connection, deadline, server -> server.deleteStream(name));
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NO_STREAM) {
        throw e;
      }
    }
  }
}
