package dev.rr.plugin.nats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rr.api.jobs.Attempts;
import dev.rr.api.jobs.RefusedException;
import dev.rr.api.plugin.Deadline;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes jobs into a stream, and knows that it has them. What was on its way when a connection
 * ended is published again, and may be there twice. Any thread.
 */
final class JobPublisher {
  /** The most that is on its way at once. */
  private static final int MOST = 256;

  private static final int MOST_BYTES = 4 << 20;

  /** After which an answer that nobody waits for any more is not heard. */
  private static final Duration LATE = Duration.ofSeconds(30);

  private static final Duration RETRY = Duration.ofMillis(100);

  private final NatsServer server;
  private final NatsPipeline pipeline;

  JobPublisher(NatsServer server, NatsPipeline pipeline) {
    this.server = server;
    this.pipeline = pipeline;
  }

  /** The server has no stream for a message, or does not know its streams yet. */
  private static final class NoStream extends IOException {
    private static final long serialVersionUID = 1L;

    NoStream(String message) {
      super(message);
    }
  }

  /**
   * Publishes all, in order; tries until the deadline, whatever happens to the server meanwhile.
   *
   * @param left loses those that the stream has
   * @throws RefusedException when it does not take one; those before it stay
   * @throws IOException when it did not have all by then
   */
  void publish(Deque<NatsMessage> left, Deadline deadline)
      throws IOException, InterruptedException {
    Attempts.until(
        deadline,
        RETRY,
        () -> {
          Connection connection = server.connection(deadline.remaining());
          try {
            while (!left.isEmpty()) {
              publishSome(connection, left, deadline);
            }
          } catch (NoStream e) {
            ensure(connection, deadline, e);
            throw e;
          }
        });
  }

  private void ensure(Connection connection, Deadline deadline, NoStream cause)
      throws IOException, InterruptedException {
    try {
      pipeline.ensure(connection, deadline);
    } catch (JetStreamApiException e) {
      throw new RefusedException(cause.getMessage() + ", and it cannot be made: " + e.getMessage());
    }
  }

  /** Publishes what may be on its way at once, one behind the other without waiting. */
  private void publishSome(Connection connection, Deque<NatsMessage> left, Deadline deadline)
      throws IOException, InterruptedException {
    Deque<CompletableFuture<Message>> sent = new ArrayDeque<>();
    try {
      NatsMessage unfit = send(connection, left, sent);
      while (!sent.isEmpty()) {
        confirm(sent.element(), deadline);
        sent.remove();
        left.remove();
      }
      if (unfit != null) {
        throw new RefusedException(
            "the job has %d bytes with its headers, %s takes %d"
                .formatted(size(unfit), server, connection.getMaxPayload()));
      }
    } finally {
      sent.forEach(answer -> takeBack(connection, answer));
    }
  }

  /** Deletes what the stream took though one before it failed: its pusher may push it anew. */
  private static void takeBack(Connection connection, CompletableFuture<Message> answer) {
    var _ =
        answer
            .orTimeout(LATE.toSeconds(), TimeUnit.SECONDS)
            .thenAccept(message -> delete(connection, message));
  }

  private static void delete(Connection connection, Message answer) {
    try {
      PublishAck stored = new PublishAck(answer);
      if (!stored.isDuplicate()) {
        connection.publish(
            "$JS.API.STREAM.MSG.DELETE." + stored.getStream(),
            ("{\"seq\":" + stored.getSeqno() + ",\"no_erase\":true}").getBytes(US_ASCII));
      }
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      // It is not there; or it stays, and may be worked on twice.
    }
  }

  /** Answers the first that the server would not take, where it comes to that. */
  private @Nullable NatsMessage send(
      Connection connection, Deque<NatsMessage> left, Deque<CompletableFuture<Message>> sent)
      throws IOException {
    long bytes = 0;
    for (NatsMessage message : left) {
      long size = size(message);
      if (size > connection.getMaxPayload()) {
        return message;
      }
      bytes += size;
      if (sent.size() == MOST || (bytes > MOST_BYTES && !sent.isEmpty())) {
        break;
      }
      try {
        sent.add(connection.request(message));
      } catch (IllegalStateException e) {
        throw new IOException("the connection to " + server + " was lost", e);
      }
    }
    return null;
  }

  private static long size(NatsMessage message) {
    return message.getData().length
        + (message.hasHeaders() ? message.getHeaders().serializedLength() : 0L);
  }

  private void confirm(CompletableFuture<Message> answer, Deadline deadline)
      throws IOException, InterruptedException {
    try {
      Duration left = deadline.remaining();
      var _ = new PublishAck(answer.get(left.toNanos(), TimeUnit.NANOSECONDS));
    } catch (JetStreamApiException e) {
      if (e.getErrorCode() == 503) {
        throw new NoStream(server + " does not take it now: " + e.getMessage());
      }
      throw new RefusedException(String.valueOf(e.getMessage()));
    } catch (CancellationException e) {
      throw new IOException("the connection to " + server + " was lost", e);
    } catch (TimeoutException e) {
      throw new IOException(server + " does not answer", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof JetStreamStatusException) {
        throw new NoStream(
            server
                + " has no stream for "
                + pipeline.stream().subject()
                + "; is it started with -js?");
      }
      throw new IOException(server + " does not take it: " + e.getCause(), e);
    }
  }
}
