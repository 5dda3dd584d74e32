package dev.rr.plugin.http.body;

import dev.rr.api.http.MemoryBudget;

/** What one request holds of the memory that all may hold together. Any thread. */
public final class MemoryShare {
  private final MemoryBudget budget;
  private long taken;
  private boolean closed;

  /** A share that holds nothing yet. */
  public MemoryShare(MemoryBudget budget) {
    this.budget = budget;
  }

  /** Takes bytes; false when there is no room, or the exchange is over. */
  public synchronized boolean take(long bytes) {
    if (closed || !budget.take(bytes)) {
      return false;
    }
    taken += bytes;
    return true;
  }

  /** Gives everything back; nothing can be taken afterwards. The second call does nothing. */
  public synchronized void close() {
    closed = true;
    budget.give(taken);
    taken = 0;
  }
}
