package dev.rr.http;

import dev.rr.api.http.MemoryBudget;
import java.time.Duration;

/**
 * What waits for one client, counted towards the memory that all may hold together. On its loop
 * only.
 */
public final class Backlog {
  /** How long a client may take nothing while memory is short: others need it. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  private final MemoryBudget budget;
  private long counted;

  /** Nothing waits yet. */
  public Backlog(MemoryBudget budget) {
    this.budget = budget;
  }

  /** So many bytes wait now. */
  public void is(long bytes) {
    if (bytes != counted) {
      budget.add(bytes - counted);
      counted = bytes;
    }
  }

  /** How long a client may take nothing, which is {@code limit} while there is memory. */
  public Duration patience(Duration limit) {
    return budget.tight() && SHORT.compareTo(limit) < 0 ? SHORT : limit;
  }
}
