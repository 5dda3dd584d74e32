package dev.rr.plugin.rpc;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that the calls of all connections may take together. Who finds none left is called back
 * when there may be some. Any thread; takes no lock.
 */
final class Budget {
  /** What takes more leaves an eighth to others: a slow client that sends much stops no call. */
  private static final int LARGE = 64 * 1024;

  private final long size;
  private final AtomicLong taken = new AtomicLong();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  /**
   * A budget.
   *
   * @param size in bytes
   */
  Budget(long size) {
    this.size = size;
  }

  /** The most that can be taken at once of a budget of this size, both in bytes. */
  static long largest(long size) {
    return size - size / 8;
  }

  /** Takes bytes if there are that many. */
  boolean take(long bytes) {
    long room = bytes > LARGE ? largest(size) : size;
    for (long now = taken.get(); now + bytes <= room; now = taken.get()) {
      if (taken.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
    return false;
  }

  /**
   * As {@link #take(long)}.
   *
   * @param retry called once, on any thread, after bytes were given back; rarely although the
   *     answer was true. It must not take bytes itself but have that done later, and {@link #next}
   *     called unless that waits again
   */
  boolean take(long bytes, Runnable retry) {
    if (take(bytes)) {
      return true;
    }
    waiting.add(retry);
    // Bytes that were given back between the two lines above have called nobody.
    if (!take(bytes)) {
      return false;
    }
    forget(retry);
    return true;
  }

  /** Calls this one back no more, unless that has happened. */
  void forget(Runnable retry) {
    waiting.remove(retry);
  }

  /** Gives bytes back. */
  void give(long bytes) {
    if (bytes != 0) {
      taken.addAndGet(-bytes);
      next();
    }
  }

  /** Calls back the one that has waited longest. */
  void next() {
    Runnable retry = waiting.poll();
    if (retry != null) {
      retry.run();
    }
  }

  /** What is taken, in bytes. */
  long taken() {
    return taken.get();
  }

  /** What may be taken, in bytes. */
  long size() {
    return size;
  }
}
