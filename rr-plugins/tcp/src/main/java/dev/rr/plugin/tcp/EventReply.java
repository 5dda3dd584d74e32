package dev.rr.plugin.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rr.api.http.MemoryBudget;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a worker says to an event: a word, and bytes for the client. It is taken whole, so that a
 * slow client holds up no worker; its bytes count in the budget until {@link #taken}, in place of
 * those of the event. Filled by the worker's thread, then the connection's.
 */
final class EventReply implements Reply {
  private final TcpConnection connection;
  private final MemoryBudget budget;
  private final Deque<ByteBuffer> pieces = new ArrayDeque<>(1);
  private Action action = Action.CLOSE;
  private long counted;
  private boolean over;

  /** What is to be done. */
  enum Action {
    CONTINUE,
    WRITE,
    WRITECLOSE,
    CLOSE;

    private final ByteBuffer word = ByteBuffer.wrap(name().getBytes(US_ASCII)).asReadOnlyBuffer();

    /** Words that nobody knows close the connection. */
    private static Action of(ByteBuffer context) {
      for (Action action : values()) {
        if (action.word.equals(context)) {
          return action;
        }
      }
      return CLOSE;
    }

    private boolean writes() {
      return this == WRITE || this == WRITECLOSE;
    }
  }

  /**
   * The reply to an event.
   *
   * @param told bytes of the event, as they count in the budget
   */
  EventReply(TcpConnection connection, MemoryBudget budget, long told) {
    this.connection = connection;
    this.budget = budget;
    this.counted = told;
  }

  // On the thread of the worker.

  @Override
  public boolean frame(
      int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last) {
    if (!last) {
      return fail("streaming is not supported");
    }
    action = Action.of(context);
    long length = action.writes() ? body.remaining() + remaining : 0;
    // What is told is answered, so that an answer of its size always finds room.
    if (length <= counted) {
      budget.give(counted - length);
    } else if (!budget.take(length - counted)) {
      return fail("there is no memory for an answer of " + length + " bytes");
    }
    counted = length;
    return body(body, remaining);
  }

  @Override
  public boolean body(ByteBuffer chunk, long remaining) {
    if (counted > 0) {
      pieces.add(chunk);
    }
    if (remaining == 0) {
      over = true;
      connection.answered(this);
    }
    return true;
  }

  private boolean fail(String error) {
    over = true;
    taken();
    connection.failed(error);
    return false;
  }

  /** On any thread. */
  @Override
  public void failed(ExecException error) {
    if (!over) {
      fail(String.valueOf(error.getMessage()));
    }
  }

  // On the connection's loop.

  Action action() {
    return action;
  }

  boolean hasMore() {
    return !pieces.isEmpty();
  }

  /** The next bytes for the client; there have to be more. */
  ByteBuffer next() {
    return pieces.remove();
  }

  /** Bytes that are yet to be written. */
  long rest() {
    long bytes = 0;
    for (ByteBuffer piece : pieces) {
      bytes += piece.remaining();
    }
    return bytes;
  }

  /** Nobody needs the bytes any more. */
  void taken() {
    budget.give(counted);
    counted = 0;
    pieces.clear();
  }
}
