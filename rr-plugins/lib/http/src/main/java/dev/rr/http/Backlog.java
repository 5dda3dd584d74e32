package dev.rr.http;

import dev.rr.api.http.MemoryBudget;
import java.time.Duration;

/**
 * The bytes that wait to be sent to one client, counted towards the memory that all clients share.
 * Whoever closes the connection sets it to 0, or the bytes stay counted. Used on the connection's
 * event loop only; never fails, neither takes nor returns null.
 */
public final class Backlog {
  /** Other clients need the memory that this one holds; no measurement behind the number. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  private final MemoryBudget budget;
  private long counted;

  /**
   * Begins at 0 bytes.
   *
   * @param budget counts the bytes of all clients
   */
  public Backlog(MemoryBudget budget) {
    this.budget = budget;
  }

  /**
   * Sets how much waits now.
   *
   * @param bytes all that wait, not the change since the last call; 0 or more
   */
  public void set(long bytes) {
    if (bytes != counted) {
      budget.add(bytes - counted);
      counted = bytes;
    }
  }

  /**
   * How long this client may take no byte before its connection is closed: {@code limit}, and two
   * seconds at most when more than half of the shared memory is taken.
   */
  public Duration stallTimeout(Duration limit) {
    return stallTimeout(budget, limit);
  }

  /** As {@link #stallTimeout(Duration)}, for who counts what waits in another way. Any thread. */
  public static Duration stallTimeout(MemoryBudget budget, Duration limit) {
    return budget.tight() && SHORT.compareTo(limit) < 0 ? SHORT : limit;
  }
}
