package dev.rr.api.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A count of the bytes held by all that waits, against one limit: requests that wait for a worker,
 * bodies that are still to come, answers for clients that read slowly. What finds no room is
 * refused, or goes to disk. It counts only and allocates nothing; who takes bytes gives the same
 * number back. Any thread, without a lock; no method throws, takes null or returns it.
 */
public final class MemoryBudget {
  /** Whoever takes bytes leaves that many times as much to others... */
  private static final long LEFT_TO_OTHERS = 15;

  /** ...but no more than this part of all. */
  private static final long RESERVE = 4;

  private final long size;
  private final AtomicLong taken = new AtomicLong();

  /**
   * A budget.
   *
   * @param size the limit in bytes; above 0
   */
  public MemoryBudget(long size) {
    this.size = size;
  }

  /** A quarter of what the heap may grow to: the rest is for work under way. */
  public static MemoryBudget ofHeap() {
    return new MemoryBudget(Runtime.getRuntime().maxMemory() / 4);
  }

  /**
   * Takes bytes when there is room. Large takers find none while small ones still do, so that a few
   * of them do not shut out everybody else.
   *
   * @param bytes 0 or more
   * @return false when nothing was taken
   */
  public boolean take(long bytes) {
    long now = taken.addAndGet(bytes);
    if (now + Math.min(bytes * LEFT_TO_OTHERS, size / RESERVE) <= size) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  /**
   * Counts bytes that are held already, whether or not there is room for them.
   *
   * @param bytes the change; a negative number gives bytes back
   */
  public void add(long bytes) {
    taken.addAndGet(bytes);
  }

  /** Gives back bytes that {@link #take} or {@link #add} counted. */
  public void give(long bytes) {
    taken.addAndGet(-bytes);
  }

  /** Whether more than half is taken, so that clients which read nothing are closed sooner. */
  public boolean tight() {
    return taken.get() > size / 2;
  }

  /** What is taken, in bytes. */
  public long taken() {
    return taken.get();
  }

  /** The most that a large taker may ever have, in bytes. */
  public long largest() {
    return size - size / RESERVE;
  }

  /** All of it, in bytes. */
  public long size() {
    return size;
  }
}
