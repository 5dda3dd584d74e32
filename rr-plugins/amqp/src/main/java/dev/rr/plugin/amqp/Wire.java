package dev.rr.plugin.amqp;

import com.rabbitmq.client.Connection;
import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A connection, whether the broker takes messages on it, and the socket under it: a write that the
 * broker does not read keeps the connection from being closed in any other way. Any thread.
 */
final class Wire {
  /** For a socket that was closed to end what waits for it. */
  private static final Duration CUT = Duration.ofSeconds(2);

  private final Connection connection;
  private final @Nullable Socket socket;
  private volatile CompletableFuture<Void> taking = CompletableFuture.completedFuture(null);
  private volatile String blockedBecause = "";

  private Wire(Connection connection, @Nullable Socket socket) {
    this.connection = connection;
    this.socket = socket;
  }

  /** Before anything is published on the connection. */
  static Wire of(Connection connection, @Nullable Socket socket) {
    Wire made = new Wire(connection, socket);
    var unused = connection.addBlockedListener(made::blocked, made::unblocked);
    return made;
  }

  Connection connection() {
    return connection;
  }

  boolean isOpen() {
    return connection.isOpen();
  }

  // ---- a broker that is short of something -----------------------------------------------------

  private void blocked(String reason) {
    blockedBecause = reason;
    if (taking.isDone()) {
      taking = new CompletableFuture<>();
    }
  }

  private void unblocked() {
    blockedBecause = "";
    var unused = taking.complete(null);
  }

  /** Done when the broker takes messages; stays as it is when the connection ends. */
  CompletableFuture<Void> taking() {
    return taking;
  }

  /** Why the broker takes no messages; empty when it does. */
  String blockedBecause() {
    return blockedBecause;
  }

  // ---- its end ---------------------------------------------------------------------------------

  /** Closes it in good order if that takes no longer than so. */
  void close(Deadline deadline) throws InterruptedException {
    int millis = (int) Math.clamp(deadline.remaining().toMillis(), 1, Integer.MAX_VALUE);
    Thread closing = Thread.ofVirtual().name("rr-amqp-close").start(() -> connection.abort(millis));
    boolean closed = false;
    try {
      closed = closing.join(deadline.remaining().plusMillis(1));
    } finally {
      if (!closed) {
        cut();
      }
    }
    boolean unused = closed || closing.join(CUT);
  }

  private void cut() {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      // It is of no more use anyway.
    }
  }
}
