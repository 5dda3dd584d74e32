package dev.rr.plugin.nats;

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
  private static final long RETRY_MILLIS = 100;

  private final NatsServer server;
  private final NatsPipeline pipeline;

  JobPublisher(NatsServer server, NatsPipeline pipeline) {
    this.server = server;
    this.pipeline = pipeline;
  }

  /** The server does not take a message, and would not take it later. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
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
   * @throws IOException when it did not have all by then
   * @throws Refused when it does not take one; those before it stay
   */
  void publish(Deque<NatsMessage> left, Deadline deadline)
      throws IOException, InterruptedException, Refused {
    IOException before = null;
    while (!left.isEmpty()) {
      try {
        Connection connection = server.connection(deadline.remaining());
        try {
          publishSome(connection, left, deadline);
        } catch (NoStream e) {
          ensure(connection, deadline, e);
          throw e;
        }
      } catch (IOException e) {
        if (deadline.passed()) {
          // The last attempt had no time, and does not know why.
          throw before == null ? e : before;
        }
        before = e;
        Thread.sleep(Math.min(RETRY_MILLIS, deadline.remaining().toMillis() + 1));
      }
    }
  }

  private void ensure(Connection connection, Deadline deadline, NoStream cause)
      throws IOException, Refused {
    try {
      pipeline.ensure(connection, deadline);
    } catch (JetStreamApiException e) {
      throw new Refused(cause.getMessage() + ", and it cannot be made: " + e.getMessage());
    }
  }

  /** Publishes what may be on its way at once, one behind the other without waiting. */
  private void publishSome(Connection connection, Deque<NatsMessage> left, Deadline deadline)
      throws IOException, InterruptedException, Refused {
    Deque<CompletableFuture<Message>> sent = new ArrayDeque<>();
    try {
      NatsMessage unfit = send(connection, left, sent);
      while (!sent.isEmpty()) {
        confirm(sent.element(), deadline);
        sent.remove();
        left.remove();
      }
      if (unfit != null) {
        throw new Refused(
            "the job has %d bytes with its headers, %s takes %d"
                .formatted(size(unfit), server, connection.getMaxPayload()));
      }
    } finally {
      sent.forEach(future -> future.cancel(true));
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
      throws IOException, InterruptedException, Refused {
    try {
      Duration left = deadline.remaining();
      var _ = new PublishAck(answer.get(left.toNanos(), TimeUnit.NANOSECONDS));
    } catch (JetStreamApiException e) {
      if (e.getErrorCode() == 503) {
        throw new NoStream(server + " does not take it now: " + e.getMessage());
      }
      throw new Refused(String.valueOf(e.getMessage()));
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
