package dev.rr.http;

import dev.rr.api.http.HttpRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file that is read at the pace of whoever takes it: a buffer at a time, the next one
 * only when the one before was taken. It is opened and read on virtual threads of the request,
 * once, since another file may take its name meanwhile; everything else happens on the request's
 * loop.
 */
abstract class PacedFile {
  private final HttpRequest request;
  private final Path path;
  private final Runnable after;
  private long offset;
  private long left;
  private @Nullable FileChannel file;
  private boolean waits;

  /**
   * Nothing happens before {@link #next}.
   *
   * @param after runs once the file is no longer needed, also after a failure
   */
  PacedFile(HttpRequest request, Path path, long offset, long length, Runnable after) {
    this.request = request;
    this.path = path;
    this.offset = offset;
    this.left = length;
    this.after = after;
  }

  /** Whether nobody wants the rest any more. */
  abstract boolean isOver();

  /** Whether a buffer would be taken now; if not, {@link #resume} is called later. */
  abstract boolean isReady();

  /** Memory for the next bytes, at most {@code length}; sent or dropped once it is read. */
  abstract OutboundBuffer buffer(int length);

  /** A buffer was sent. */
  void sent() {}

  /**
   * Takes all of the rest at once, where that is possible, and calls {@link #allSent} in the end.
   */
  boolean takesRegion(FileChannel opened, long from, long length) {
    return false;
  }

  /** The file was let go: all of it is sent, or it is over. */
  abstract void ended();

  /** The file was let go, since it cannot be read. */
  abstract void failed(IOException cause);

  /** Takes the next step: begins, reads on, waits, or ends. */
  final void next() {
    FileChannel opened = file;
    if (left == 0 || isOver()) {
      release();
      ended();
    } else if (!isReady()) {
      waits = true;
    } else if (opened == null) {
      // No earlier than somebody takes it: descriptors are few.
      request.offload(this::open);
    } else {
      OutboundBuffer buffer = buffer((int) Math.min(left, Integer.MAX_VALUE));
      request.offload(() -> read(opened, buffer));
    }
  }

  /** Goes on if it waited. */
  final void resume() {
    if (waits) {
      waits = false;
      next();
    }
  }

  /** The region is sent, or will not be: then it is over. */
  final void allSent() {
    left = 0;
    next();
  }

  private void open() {
    FileChannel opened;
    try {
      opened = FileChannel.open(path);
    } catch (IOException e) {
      request.execute(() -> fail(e));
      return;
    }
    request.execute(() -> begin(opened));
  }

  private void begin(FileChannel opened) {
    file = opened;
    if (isOver() || !takesRegion(opened, offset, left)) {
      next();
    }
  }

  private void read(FileChannel opened, OutboundBuffer buffer) {
    ByteBuffer bytes = buffer.bytes();
    try {
      while (bytes.hasRemaining()) {
        if (opened.read(bytes, offset + bytes.position()) < 0) {
          throw new IOException("the file became shorter while it was sent: " + path);
        }
      }
    } catch (IOException e) {
      request.execute(() -> {
        buffer.drop();
        fail(e);
      });
      return;
    }
    request.execute(() -> send(buffer, bytes.limit()));
  }

  private void send(OutboundBuffer buffer, int length) {
    offset += length;
    left -= length;
    if (isOver()) {
      buffer.drop();
    } else {
      buffer.send();
      sent();
    }
    next();
  }

  private void fail(IOException cause) {
    release();
    failed(cause);
  }

  private void release() {
    try (FileChannel opened = file) {
      file = null;
    } catch (IOException e) {
      // It was only read: there is nothing to lose.
    }
    after.run();
  }
}
