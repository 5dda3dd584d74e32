package dev.rr.plugin.http.body;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.MemoryBudget;

/**
 * Counts the memory that a form takes: what came of it, the tree it becomes, and the tree's JSON
 * text. Counted on one thread at a time, closed on any.
 */
final class FormMemory implements AutoCloseable {
  private final long limit;
  private final MemoryBudget budget;
  private long held;
  private long json;
  private long taken;
  private boolean closed;

  /**
   * Counts for one form.
   *
   * @param limit bytes that the form may have as it comes, and again as JSON
   * @param budget what all that waits shares
   */
  FormMemory(long limit, MemoryBudget budget) {
    this.limit = limit;
    this.budget = budget;
  }

  /**
   * Counts bytes that came, or of the tree.
   *
   * @throws HttpFault 413 past the form's limit, 503 when there is no room for it now
   */
  synchronized void hold(long bytes) throws HttpFault {
    held += bytes;
    check(held);
  }

  /**
   * Counts bytes of JSON text that will be written.
   *
   * @throws HttpFault as {@link #hold}
   */
  synchronized void json(long bytes) throws HttpFault {
    json += bytes;
    check(json);
  }

  private void check(long count) throws HttpFault {
    long needed = held + json;
    if (count > limit || needed > budget.largest()) {
      throw new HttpFault(413, "http: form too large");
    }
    if (closed || !budget.take(needed - taken)) {
      throw new HttpFault(503, "http: no room for the form");
    }
    taken = needed;
  }

  /** Gives back what was taken. Nothing is counted any more. */
  @Override
  public synchronized void close() {
    closed = true;
    budget.give(taken);
    taken = 0;
  }
}
