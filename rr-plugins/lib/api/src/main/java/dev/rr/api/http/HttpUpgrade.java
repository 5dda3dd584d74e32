package dev.rr.api.http;

import dev.rr.annotation.Contract;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections over that leave HTTP (RFC 9110, section 7.8), for a plugin that speaks another
 * protocol on http's port, such as WebSocket. The name of the offer is the protocol as {@code
 * Upgrade} writes it, in lower case. HTTP/1.1 only.
 */
@Contract
public interface HttpUpgrade {
  /**
   * Decides about a request whose {@code Upgrade} and {@code Connection} ask for this protocol. It
   * has passed the middleware, and takes the place of the workers. On the connection's loop, which
   * must not be held up: who has to ask somebody first returns, and decides later from any thread.
   *
   * @param response answers in HTTP when the connection is not taken over
   * @param connection takes it over; exactly one of the two is used
   */
  void upgrade(HttpRequest request, HttpResponse response, Switch connection);

  /** The moment at which a connection leaves HTTP. Any thread. */
  interface Switch {
    /**
     * Answers 101 with these headers; {@code Connection} and {@code Upgrade} are added. From now on
     * bytes go to the receiver, and nothing of HTTP applies to the connection but {@code
     * http.max_connections} and the server's end.
     *
     * @return how to write; usable at once
     * @throws IllegalStateException when the request was answered
     */
    Wire accept(HttpHeaders headers, Receiver receiver);
  }

  /** Gets what arrives. On the connection's loop, which must not be held up; one call at a time. */
  interface Receiver {
    /**
     * Bytes, which belong to the connection again when this returns. What the client sent together
     * with its request comes first.
     *
     * @return whether more may come at once; false until {@link Wire#resume}
     */
    boolean received(ByteBuffer bytes);

    /**
     * Nothing comes any more: the client has left, or the server ends. Called exactly once.
     *
     * @param cause null for an end in good order
     */
    void closed(@Nullable Throwable cause);
  }

  /** The way back to the client. Any thread. */
  interface Wire {
    /**
     * Sends bytes, in the order of the calls. They are kept until the client takes them, so a
     * writer watches {@link #pending}.
     *
     * @param bytes belong to the connection from now on
     */
    void write(ByteBuffer bytes);

    /** How many bytes wait for the client. */
    long pending();

    /** Lets bytes come again. */
    void resume();

    /** Closes once everything written is sent; a client that takes nothing is cut off in time. */
    void close();
  }
}
