package dev.rr.plugin.memory;

import java.util.concurrent.atomic.AtomicLong;

/** What everything in memory may take of the heap together. Any thread; takes no lock. */
final class Room {
  private final long size;
  private final AtomicLong taken = new AtomicLong();

  /**
   * Room that nobody has taken.
   *
   * @param size in bytes
   */
  Room(long size) {
    this.size = size;
  }

  /** Takes bytes if there are that many. */
  boolean take(long bytes) {
    for (long now = taken.get(); now + bytes <= size; now = taken.get()) {
      if (taken.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
    return false;
  }

  void give(long bytes) {
    taken.addAndGet(-bytes);
  }

  /** In bytes. */
  long taken() {
    return taken.get();
  }

  /** In bytes. */
  long size() {
    return size;
  }
}
