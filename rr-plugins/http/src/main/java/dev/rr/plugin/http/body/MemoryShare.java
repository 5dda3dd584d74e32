package dev.rr.plugin.http.body;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.MemoryBudget;

/** What one request holds of the memory that all may hold together. Any thread. */
public final class MemoryShare {
  /** Bytes of a request without its texts, and of a field: objects around them. */
  private static final long REQUEST = 2048;

  private static final long FIELD = 64;

  private final MemoryBudget budget;
  private long taken;
  private boolean closed;

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

  /** Bytes that a waiting request stands for: what its head is once it is written down. */
  public static long weight(HttpRequest request) {
    HttpHeaders headers = request.headers();
    long bytes = REQUEST + request.target().length();
    for (int i = 0; i < headers.size(); i++) {
      bytes += FIELD + headers.name(i).length() + headers.value(i).length();
    }
    return bytes;
  }
}
