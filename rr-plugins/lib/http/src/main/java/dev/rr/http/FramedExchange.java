package dev.rr.http;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * An exchange whose body comes in frames, whether or not anybody wants it now: what is not wanted
 * waits here, and the transport stops asking the client for more ({@link #waits}). On its loop
 * only.
 */
public abstract class FramedExchange extends Exchange {
  private final long announced;
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>(2);
  private long received;
  private int held;
  private boolean expectsContinue;
  private boolean ended;
  private boolean told;
  private boolean delivering;
  private HttpHeaders trailers = HttpHeaders.EMPTY;
  private @Nullable HttpFault fault;

  /**
   * A request whose head is read.
   *
   * @param announced the body's length, -1 when it is unknown
   */
  protected FramedExchange(
      ExchangeLoop loop, RequestHead head, SocketAddress peer, long announced) {
    super(loop, head, peer);
    this.announced = announced;
    this.expectsContinue =
        announced != 0
            && head.headers().get(HeaderNames.EXPECT, "").equalsIgnoreCase("100-continue");
  }

  // What a transport does.

  /** That many bytes wait now; the client is to send no more unless it is 0. */
  protected abstract void waits(int bytes);

  // What a transport tells.

  /** Bytes of the body have come. */
  public final void arrived(ByteBuffer bytes) {
    received += bytes.remaining();
    if (done() || fault != null) {
      return;
    }
    if (announced >= 0 && received > announced) {
      fail(new HttpFault(400, "the body is longer than its Content-Length"));
    } else if (bytes.hasRemaining()) {
      held += bytes.remaining();
      waiting.add(bytes);
      deliver();
    }
  }

  /** The request is read to its end. */
  public final void ended(HttpHeaders behind) {
    ended = true;
    trailers = behind;
    if (received < announced) {
      fail(new HttpFault(400, "unexpected EOF"));
    }
    deliver();
  }

  /** Whether nothing more of the request is to come. */
  public final boolean requestRead() {
    return ended;
  }

  /**
   * The body will not be complete, and what comes of it is dropped. Its reader learns of that, or
   * the client, when there is no reader and no head was given.
   */
  public final void refuse(HttpFault cause) {
    if (fault != null || told) {
      return;
    }
    fail(cause);
    if (!told && !committed()) {
      Faults.answer(this, cause);
    }
  }

  /** The client is gone. */
  public final void gone(HttpFault cause) {
    if (!done()) {
      fail(cause);
    }
    if (!done()) {
      drop();
      abandon();
    }
  }

  private void fail(HttpFault cause) {
    if (fault == null && !told) {
      fault = cause;
      drop();
      deliver();
    }
  }

  /** Lets go of what nobody will take. */
  protected final void drop() {
    waiting.clear();
    held = 0;
    waits(0);
  }

  // The reader.

  @Override
  public final long length() {
    return announced >= 0 ? announced : ended && received == 0 ? 0 : -1;
  }

  @Override
  protected final void bodyWanted() {
    if (expectsContinue && !ended && !committed()) {
      expectsContinue = false;
      sendInterim(100, HttpHeaders.EMPTY);
    }
    deliver();
  }

  private void deliver() {
    if (delivering) {
      return;
    }
    delivering = true;
    while (takesBody() && !waiting.isEmpty() && !done()) {
      ByteBuffer chunk = waiting.remove();
      held -= chunk.remaining();
      bodyChunk(chunk);
    }
    delivering = false;
    if (done()) {
      drop();
      return;
    }
    waits(held);
    if (told || !hasReader()) {
      return;
    }
    if (fault != null) {
      // A failure is nothing that a paused reader could not take.
      told = true;
      bodyFailed(fault);
    } else if (takesBody() && waiting.isEmpty() && (ended || announced == 0)) {
      told = true;
      bodyEnd(trailers);
    }
  }
}
