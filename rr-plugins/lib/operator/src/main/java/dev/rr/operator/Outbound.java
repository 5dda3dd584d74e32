package dev.rr.operator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.xnio.channels.StreamSinkChannel;

/**
 * What is on its way to a client, in order. Whoever takes nothing holds what is here and no thread.
 * On the connection's IO thread.
 */
final class Outbound {
  /** Bytes in memory past which nobody should add more. */
  static final int FULL = 64 * 1024;

  /** What is sent of one answer before others have their turn. */
  private static final long TURN = 1024 * 1024;

  /** What became of an attempt to send. */
  enum Outcome {
    /** All of it is sent. */
    SENT,
    /** The client has to take something first. */
    BLOCKED,
    /** There is more, and it is the turn of others. */
    YIELDED
  }

  private interface Part {
    /** Sends some; returns how many bytes. */
    long send(StreamSinkChannel to) throws IOException;

    boolean isSent();

    void done();
  }

  private record Bytes(ByteBuffer bytes) implements Part {
    @Override
    public long send(StreamSinkChannel to) throws IOException {
      return to.write(bytes);
    }

    @Override
    public boolean isSent() {
      return !bytes.hasRemaining();
    }

    @Override
    public void done() {}
  }

  private static final class Region implements Part {
    private final FileChannel file;
    private final Runnable after;
    private long at;
    private long left;
    private boolean begun;

    Region(FileChannel file, long at, long left, Runnable after) {
      this.file = file;
      this.at = at;
      this.left = left;
      this.after = after;
    }

    @Override
    public long send(StreamSinkChannel to) throws IOException {
      if (!begun && !to.flush()) {
        return 0;
      }
      // As long as its head is not out, Undertow reads from wherever the file stands.
      begun = true;
      long count = to.transferFrom(file, at, Math.min(left, TURN));
      if (count == 0 && at >= file.size()) {
        throw new IOException("the file became shorter while it was sent");
      }
      at += count;
      left -= count;
      return count;
    }

    @Override
    public boolean isSent() {
      return left == 0;
    }

    @Override
    public void done() {
      after.run();
    }
  }

  private final Deque<Part> parts = new ArrayDeque<>(2);
  private long queued;
  private long sent;

  void add(ByteBuffer bytes) {
    if (bytes.hasRemaining()) {
      parts.add(new Bytes(bytes));
      queued += bytes.remaining();
    }
  }

  /** A part of a file; {@code after} runs once it is sent or dropped. */
  void add(FileChannel file, long offset, long length, Runnable after) {
    parts.add(new Region(file, offset, length, after));
    queued += FULL;
  }

  boolean isFull() {
    return queued >= FULL;
  }

  /** The bytes sent so far: whoever looks twice sees whether there is progress. */
  long sent() {
    return sent;
  }

  /** Sends as much as the client takes. */
  Outcome send(StreamSinkChannel to) throws IOException {
    long turn = TURN;
    for (Part part = parts.peek(); part != null; part = parts.peek()) {
      long count = part.send(to);
      sent += count;
      turn -= count;
      if (part.isSent()) {
        parts.remove();
        queued = parts.isEmpty() ? 0 : queued;
        part.done();
      } else if (count == 0) {
        return Outcome.BLOCKED;
      }
      if (turn <= 0 && !parts.isEmpty()) {
        return Outcome.YIELDED;
      }
    }
    return Outcome.SENT;
  }

  /** Nothing more is sent. */
  void drop() {
    for (Part part = parts.poll(); part != null; part = parts.poll()) {
      part.done();
    }
    queued = 0;
  }
}
