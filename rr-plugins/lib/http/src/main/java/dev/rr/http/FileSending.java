package dev.rr.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way into an answer, and what has to wait until it is sent. It is opened and read on
 * virtual threads and sent on the loop, where it is handed over a chunk at a time and only while
 * the client keeps up. On the exchange's loop only.
 */
final class FileSending {
  private static final int CHUNK = 128 * 1024;

  private final Exchange exchange;
  private final Runnable after;
  private final Deque<Runnable> behind = new ArrayDeque<>(2);
  private long offset;
  private long left;
  private @Nullable Path path;
  private @Nullable FileChannel file;
  private boolean waits;

  /**
   * Nothing happens before {@link #start}.
   *
   * @param after runs once the file is no longer needed, also after a failure
   */
  FileSending(Exchange exchange, long offset, long length, Runnable after) {
    this.exchange = exchange;
    this.offset = offset;
    this.left = length;
    this.after = after;
  }

  /** Has something done once the file is sent, or has failed. */
  void then(Runnable next) {
    behind.add(next);
  }

  /** What waits, in order. */
  Deque<Runnable> behind() {
    return behind;
  }

  void start(Path from) {
    path = from;
    next();
  }

  /** Opened no earlier than the client takes it: descriptors are few. */
  private void open(Path from) {
    FileChannel opened;
    try {
      opened = FileChannel.open(from);
    } catch (IOException e) {
      exchange.execute(() -> failed(e));
      return;
    }
    exchange.execute(() -> begin(opened));
  }

  private void begin(FileChannel opened) {
    file = opened;
    if (exchange.done()) {
      release();
    } else if (!exchange.sendRegion(opened, offset, left, this::regionSent)) {
      next();
    } else if (!exchange.done()) {
      exchange.push();
    }
  }

  /** The transport has sent all of it, or will not: then the exchange is over. */
  private void regionSent() {
    left = 0;
    next();
  }

  private void next() {
    FileChannel opened = file;
    Path from = path;
    if (exchange.done()) {
      release();
    } else if (left == 0) {
      release();
      exchange.fileSent(this);
    } else if (!exchange.transportWritable()) {
      waits = true;
    } else if (opened != null) {
      Piece piece = exchange.piece((int) Math.min(left, CHUNK));
      exchange.offload(() -> read(opened, piece));
    } else if (from != null) {
      exchange.offload(() -> open(from));
    }
  }

  private void read(FileChannel opened, Piece piece) {
    ByteBuffer room = piece.room();
    try {
      while (room.hasRemaining()) {
        if (opened.read(room, offset + room.position()) < 0) {
          throw new IOException("the file became shorter while it was sent");
        }
      }
    } catch (IOException e) {
      exchange.execute(() -> {
        piece.drop();
        failed(e);
      });
      return;
    }
    exchange.execute(() -> send(piece, room.limit()));
  }

  private void send(Piece piece, int length) {
    offset += length;
    left -= length;
    if (exchange.done()) {
      piece.drop();
    } else {
      piece.send();
      exchange.push();
    }
    next();
  }

  /** Goes on if it waited for the client. */
  void resume() {
    if (waits) {
      waits = false;
      next();
    }
  }

  /** The exchange is over: what waits sends nothing any more, but lets go of its files. */
  void abandon() {
    resume();
    behind.forEach(Runnable::run);
  }

  private void failed(IOException cause) {
    release();
    exchange.abort(cause);
  }

  private void release() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        exchange.log("closing a sent file", e);
      }
    }
    after.run();
  }
}
