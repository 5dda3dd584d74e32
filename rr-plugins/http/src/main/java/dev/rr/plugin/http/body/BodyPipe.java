package dev.rr.plugin.http.body;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Carries a body from its loop to the virtual thread that writes it to files. Bounded: past the
 * bound the client is no longer read from.
 */
final class BodyPipe {
  private static final int HIGH = 512 * 1024;
  private static final int LOW = 128 * 1024;

  private final HttpRequest request;
  private final Duration wait;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<ByteBuffer> chunks = new ArrayDeque<>();
  private int pending;
  private boolean paused;
  private boolean ended;
  private @Nullable HttpFault fault;

  /** A pipe whose taker waits at most {@code wait} for each chunk. */
  BodyPipe(HttpRequest request, Duration wait) {
    this.request = request;
    this.wait = wait;
  }

  /** Adds bytes. On the loop. */
  void offer(ByteBuffer bytes) {
    boolean full;
    lock.lock();
    try {
      if (fault != null) {
        return;
      }
      chunks.add(bytes);
      pending += bytes.remaining();
      full = pending > HIGH && !paused;
      paused |= full;
      arrived.signal();
    } finally {
      lock.unlock();
    }
    if (full) {
      request.body().pause();
    }
  }

  /** Nothing follows. */
  void end() {
    lock.lock();
    try {
      ended = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The body is worthless; what was not taken is dropped. */
  void fail(HttpFault cause) {
    lock.lock();
    try {
      fault = cause;
      chunks.clear();
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the next bytes; null at the end. On the virtual thread.
   *
   * @throws HttpFault what to answer, when the body will not be complete
   */
  @Nullable ByteBuffer take() throws HttpFault, InterruptedException {
    ByteBuffer taken;
    boolean room;
    lock.lock();
    try {
      long left = wait.toNanos();
      while (chunks.isEmpty() && !ended && fault == null) {
        if (left <= 0) {
          throw new HttpFault(408, "Request Timeout");
        }
        left = arrived.awaitNanos(left);
      }
      if (fault != null) {
        throw fault;
      }
      taken = chunks.poll();
      pending -= taken == null ? 0 : taken.remaining();
      room = paused && pending < LOW;
      paused &= !room;
    } finally {
      lock.unlock();
    }
    if (room) {
      request.execute(request.body()::resume);
    }
    return taken;
  }
}
