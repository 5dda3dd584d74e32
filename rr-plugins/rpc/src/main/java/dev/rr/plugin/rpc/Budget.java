package dev.rr.plugin.rpc;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Memory that large requests of all connections may take together. Who finds none left is called
 * back when there may be some. Any thread.
 */
final class Budget {
  /** Requests up to this size are not counted. */
  static final int FREE = 64 * 1024;

  private final long size;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private long taken;

  /**
   * A budget.
   *
   * @param size in bytes
   */
  Budget(long size) {
    this.size = size;
  }

  /**
   * Takes what a request needs. One that is alone is never refused.
   *
   * @param retry called once, on any thread, after bytes were given back; only when the answer is
   *     false
   */
  synchronized boolean take(long bytes, Runnable retry) {
    if (bytes <= FREE) {
      return true;
    }
    if (taken > 0 && taken + bytes > size) {
      waiting.add(retry);
      return false;
    }
    taken += bytes;
    return true;
  }

  /** Gives back what was taken for a request of this size. */
  void give(long bytes) {
    if (bytes > FREE) {
      Queue<Runnable> retries;
      synchronized (this) {
        taken -= bytes;
        retries = new ArrayDeque<>(waiting);
        waiting.clear();
      }
      retries.forEach(Runnable::run);
    }
  }

  /** What is taken, in bytes. */
  synchronized long taken() {
    return taken;
  }
}
