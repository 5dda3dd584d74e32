package dev.rr.plugin.broadcast;

import dev.rr.api.broadcast.Publication;
import dev.rr.api.error.OperationException;
import dev.rr.api.log.Log;
import dev.rr.api.log.RateLimitedLog;
import dev.rr.api.plugin.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Messages whose publisher does not wait, in their order, bounded by bytes: who finds no room waits
 * for it. One virtual thread publishes them, from {@link #start} to {@link #close}. Any thread.
 */
final class PublishQueue {
  /** What a message takes besides its payload and its topic. */
  private static final int OVERHEAD = 100;

  private final long limit;
  private final Sink sink;
  private final Log log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition freed = lock.newCondition();
  private final Queue<List<Publication>> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean closed;
  private @Nullable Thread thread;

  /** Where messages go. */
  @FunctionalInterface
  interface Sink {
    /** Takes them in their order. */
    void publish(List<Publication> messages) throws OperationException, InterruptedException;
  }

  /**
   * A queue that is not read yet.
   *
   * @param limit of what waits, in bytes; messages that are larger by themselves wait alone
   */
  PublishQueue(long limit, Sink sink, Log log) {
    this.limit = limit;
    this.sink = sink;
    this.log = new RateLimitedLog(log);
  }

  void start() {
    thread = Thread.ofVirtual().name("rr-broadcast-async").start(this::run);
  }

  /**
   * Adds messages.
   *
   * @throws OperationException when there is no room for them in time, or it is closed
   */
  void add(List<Publication> messages, Deadline deadline)
      throws OperationException, InterruptedException {
    long size = size(messages);
    lock.lockInterruptibly();
    try {
      long left = deadline.remaining().toNanos();
      while (!closed && bytes > 0 && bytes + size > limit && left > 0) {
        left = freed.awaitNanos(left);
      }
      if (closed) {
        throw OperationException.of("broadcast_publish_async", "the server stops");
      }
      if (bytes > 0 && bytes + size > limit) {
        throw OperationException.of(
            "broadcast_publish_async", "brokers take messages slower than they come");
      }
      bytes += size;
      waiting.add(messages);
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  private static long size(List<Publication> messages) {
    return messages.stream()
        .mapToLong(m -> OVERHEAD + 2L * m.topic().length() + m.payload().length)
        .sum();
  }

  private void run() {
    try {
      for (List<Publication> next = next(); next != null; next = next()) {
        publish(next);
        done(next);
      }
    } catch (InterruptedException e) {
      // The time to stop is over.
    }
  }

  /** Waits for messages; null when it is closed and nothing is left. */
  private @Nullable List<Publication> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !closed) {
        filled.await();
      }
      return waiting.poll();
    } finally {
      lock.unlock();
    }
  }

  private void publish(List<Publication> messages) throws InterruptedException {
    try {
      sink.publish(messages);
    } catch (OperationException | RuntimeException e) {
      log.log(Log.Level.ERROR, "publish async error", e);
    }
  }

  private void done(List<Publication> messages) {
    lock.lock();
    try {
      bytes -= size(messages);
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Publishes what is there as long as there is time. A second call does nothing. */
  void close(Deadline deadline) throws InterruptedException {
    lock.lock();
    try {
      closed = true;
      filled.signalAll();
      freed.signalAll();
    } finally {
      lock.unlock();
    }
    Thread running = thread;
    if (running != null && !running.join(deadline.remaining())) {
      running.interrupt();
      boolean unused = running.join(Duration.ofSeconds(1));
    }
  }

  /** What waits, in bytes. */
  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** A limit that leaves the heap to work under way. */
  static long ofHeap() {
    return Runtime.getRuntime().maxMemory() / 16;
  }
}
