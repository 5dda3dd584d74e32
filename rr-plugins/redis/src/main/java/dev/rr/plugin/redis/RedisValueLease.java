package dev.rr.plugin.redis;

import dev.rr.api.http.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the values of one call take of the memory that those of all calls share, from their arrival
 * on until the call returns them. Any thread.
 */
final class RedisValueLease implements AutoCloseable {
  /** What a value's key and its place in a map take beside it, in bytes. */
  private static final int ENTRY = 100;

  private static final long CLOSED = -1;

  private final MemoryBudget budget;
  private final AtomicLong held = new AtomicLong();

  RedisValueLease(MemoryBudget budget) {
    this.budget = budget;
  }

  /** Takes room for a value. Answers whether there is any, and anybody to whom it would go. */
  boolean take(int length) {
    long bytes = (long) length + ENTRY;
    if (!budget.take(bytes)) {
      return false;
    }
    if (held.updateAndGet(now -> now == CLOSED ? CLOSED : now + bytes) == CLOSED) {
      budget.give(bytes);
      return false;
    }
    return true;
  }

  /** What is told to a call whose values found no room. */
  String refusal() {
    return "redis: the values take more memory than is free: those of all calls under way may take "
        + budget.largest()
        + " bytes; ask for fewer keys at once, or give the server a larger heap";
  }

  /** Gives all of it back. */
  @Override
  public void close() {
    budget.give(Math.max(0, held.getAndSet(CLOSED)));
  }
}
