package dev.rr.api.http;

import dev.rr.annotation.Contract;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections over that leave HTTP (RFC 9110, section 7.8), for a plugin that speaks another
 * protocol on http's port, such as WebSocket. The name of the offer is the protocol as {@code
 * Upgrade} writes it, in lower case. In HTTP/1.1 a request without a body may ask for that, which
 * is a request like any other where nobody offers it; in HTTP/2 an extended CONNECT (RFC 8441), for
 * a stream, which is shown as the GET with {@code Connection} and {@code Upgrade} that HTTP/1.1 has
 * for it.
 */
@Contract
public interface HttpUpgrade {
  /**
   * Decides about a request whose {@code Upgrade} and {@code Connection} ask for this protocol. It
   * has passed the middleware, which sees the answer as well, 101 included, and takes the place of
   * the workers. When the client leaves before, {@link HttpResponse#onClose} tells. On the
   * connection's loop, which must not be held up: who has to ask somebody first returns, and
   * decides later from any thread.
   *
   * @param response answers in HTTP when the connection is not taken over
   * @param connection takes it over; exactly one of the two is used
   */
  void upgrade(HttpRequest request, HttpResponse response, Switch connection);

  /** The moment at which a connection leaves HTTP. Any thread. */
  interface Switch {
    /**
     * Answers 101 with these headers; {@code Connection} and {@code Upgrade} are added. HTTP/2
     * makes 200 of it, without those two, behind all middleware. From now on bytes go to the
     * receiver, and nothing of HTTP applies to the connection but {@code http.max_connections},
     * {@code http.timeouts.write} for a client that takes nothing of what waits for it, and the
     * server's end. When the client has left already, or a middleware has answered something else,
     * the receiver is told so.
     *
     * @return how to write; usable at once
     * @throws IllegalStateException when the request was answered or taken over before
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
     * Nothing comes any more: the client has left, or the server ends. Then what is written within
     * this call is still sent. Called exactly once, but not while the receiver has yet to ask for
     * bytes that are there.
     *
     * @param cause null for an end in good order
     */
    void closed(@Nullable Throwable cause);
  }

  /** The way back to the client. Any thread. */
  interface Wire {
    /**
     * Sends bytes, in the order of the calls. They are kept until the client takes them, so a
     * writer watches {@link #pending}: they count towards the memory that everything in http may
     * hold which waits, and a write that finds no room there cuts the connection off.
     *
     * @param bytes belong to the connection from now on
     */
    void write(ByteBuffer bytes);

    /**
     * As {@link #write(ByteBuffer)}, for bytes that many connections send and none changes: of the
     * memory that waits, only what this connection takes by itself is counted. Whoever shares them
     * counts them, once, for as long as any connection has them.
     *
     * @param sent runs once, when this connection does not need them any more: the system has taken
     *     them, or the client does not get them. On the connection's loop; must not throw
     */
    void write(ByteBuffer shared, Runnable sent);

    /** How many bytes were written that the system has yet to take. */
    long pending();

    /**
     * Runs a task on the connection's loop, also when the client has left. Who keeps this need not
     * keep the request for that.
     */
    void execute(Runnable task);

    /** Lets bytes come again. */
    void resume();

    /**
     * Closes once everything written is sent; a client that takes nothing of it for {@code
     * http.timeouts.write} is cut off. What still comes is dropped.
     */
    void close();
  }
}
