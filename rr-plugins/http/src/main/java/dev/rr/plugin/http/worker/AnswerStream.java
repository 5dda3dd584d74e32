package dev.rr.plugin.http.worker;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.plugin.http.body.MemoryShare;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer that comes in several pieces, on its way from a worker to a client that may
 * be slower. What PHP has finished is taken whole, however slowly the client reads: in memory while
 * there is room, else on disk, so that the worker is free for the next request. Only a true stream
 * is held up by its client, since nobody knows how much is to come.
 *
 * <p>Two threads meet here. The one that owns the worker calls {@link #add}, and is the one that
 * waits. The request's loop sends, and tells through {@link #move} what the client has taken.
 */
final class AnswerStream {
  /** Bytes that may be between the worker and the client's socket. */
  private static final long MAX_UNDER_WAY = 256 * 1024;

  private final HttpRequest request;
  private final HttpResponse response;
  private final MemoryShare share;
  private final AnswerStorage storage;
  private final ErrorAnswers errors;

  /** What follows the body. */
  private final HttpHeaders trailers;

  // The owner's.

  /** Whether there is room in memory for all that is to come. */
  private boolean fits;

  /** Where the rest goes that finds no room there. */
  private @Nullable SpooledAnswer stored;

  // Shared.

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();

  /** Bytes between the worker and the client's socket; under the lock. */
  private long underWay;

  private volatile boolean clientGone;

  // The loop's.

  /** Bytes given to the response since it was last writable. */
  private long unwritten;

  AnswerStream(
      HttpRequest request,
      HttpResponse response,
      HttpHeaders trailers,
      MemoryShare share,
      AnswerStorage storage,
      ErrorAnswers errors) {
    this.request = request;
    this.response = response;
    this.trailers = trailers;
    this.share = share;
    this.storage = storage;
    this.errors = errors;
  }

  /**
   * Takes the next bytes; waits for the client when there is no other place for them. On the
   * owner's thread.
   *
   * @param remaining bytes of the frame that are still to come
   * @param lastFrame whether no frame follows
   * @return false when nothing more is wanted
   */
  boolean add(ByteBuffer bytes, long remaining, boolean lastFrame) {
    boolean complete = lastFrame && remaining == 0;
    if (!complete && clientGone) {
      drop();
      return false;
    }
    if (stored != null) {
      return store(stored, bytes, complete);
    }
    int size = bytes.remaining();
    move(size);
    request.execute(() -> deliver(bytes, size, complete));
    return complete || lastFrame && (hasRoom() || keepsRest(remaining)) || awaitRoom();
  }

  /**
   * Takes all of an answer while memory is short: to disk, since nobody knows how fast its client
   * is. On the owner's thread.
   */
  boolean addWhole(ByteBuffer bytes) {
    if (spools(bytes.remaining()) && stored != null) {
      return store(stored, bytes, true);
    }
    return add(bytes, 0, true);
  }

  /** Finds a place for all that is still to come, now that the client is behind. */
  private boolean keepsRest(long remaining) {
    if (fits) {
      return true;
    }
    fits = storage.mayKeep(remaining) && share.take(remaining);
    return fits || spools(remaining);
  }

  private boolean spools(long remaining) {
    try {
      stored = storage.store(remaining);
      return true;
    } catch (IOException e) {
      errors
          .log()
          .warn(
              "an answer cannot be stored, it waits for the client where it is",
              "uri",
              request.target(),
              "error",
              e.toString());
      return false;
    }
  }

  private boolean store(SpooledAnswer to, ByteBuffer bytes, boolean complete) {
    try {
      to.write(bytes);
      if (complete) {
        to.close();
        stored = null;
        request.execute(() -> send(to));
      }
      return true;
    } catch (IOException e) {
      drop();
      String text = "an answer cannot be stored: " + e.getMessage();
      request.execute(() -> errors.failed(response, null, text));
      return false;
    }
  }

  /** Forgets what is on disk; nothing follows. On the owner's thread, or after its last call. */
  void drop() {
    SpooledAnswer there = stored;
    if (there != null) {
      stored = null;
      request.offload(there::drop);
    }
  }

  // On the loop.

  private void deliver(ByteBuffer bytes, int size, boolean complete) {
    response.write(bytes);
    if (complete) {
      response.end(trailers);
      return;
    }
    response.flush();
    unwritten += size;
    if (response.writable()) {
      written();
    } else {
      response.onWritable(this::written);
    }
  }

  /** Sends the rest, which is a file, and deletes it. */
  private void send(SpooledAnswer rest) {
    response.file(rest.file(), 0, rest.length(), () -> request.offload(rest::drop));
    response.end(trailers);
  }

  private void written() {
    long count = unwritten;
    unwritten = 0;
    if (count > 0) {
      move(-count);
    }
  }

  // Between the two.

  /** More or fewer bytes are between the worker and the client's socket. */
  private void move(long bytes) {
    lock.lock();
    try {
      underWay += bytes;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The client has left: wakes the owner if it waits. Any thread. */
  void clientIsGone() {
    clientGone = true;
    move(0);
  }

  /** Whether the client keeps up. */
  private boolean hasRoom() {
    lock.lock();
    try {
      return underWay <= MAX_UNDER_WAY;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the client has taken enough. Each move gives it the whole time anew: a slow client
   * is served, one that takes nothing is not.
   *
   * @return false when it has left, or taken nothing for too long
   */
  private boolean awaitRoom() {
    long limit = storage.stallLimit().toNanos();
    long left = limit;
    lock.lock();
    try {
      long before = underWay;
      while (underWay > MAX_UNDER_WAY && !clientGone) {
        if (left <= 0) {
          return false;
        }
        left = moved.awaitNanos(left);
        if (underWay < before) {
          before = underWay;
          left = limit;
        }
      }
      return !clientGone;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
