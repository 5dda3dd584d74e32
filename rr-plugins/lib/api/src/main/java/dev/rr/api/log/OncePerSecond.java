package dev.rr.api.log;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets one line a second into the log of what may happen by the thousand. Any thread; of several at
 * once one passes.
 */
public final class OncePerSecond {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong last = new AtomicLong(System.nanoTime() - SECOND);

  /** Whether a line may be written now; then none for a second. The first may. */
  public boolean passes() {
    long now = System.nanoTime();
    long before = last.get();
    return now - before >= SECOND && last.compareAndSet(before, now);
  }
}
