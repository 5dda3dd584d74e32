package dev.rr.testing.worker;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what has to become true. */
public final class Await {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private Await() {}

  /**
   * Waits until {@code condition} holds.
   *
   * @param what names it in the failure
   */
  public static void until(String what, BooleanSupplier condition) {
    until(TIMEOUT, () -> what, condition);
  }

  /**
   * As {@link #until(String, BooleanSupplier)}, for so long.
   *
   * @param what asked in the end, so that it can say how things are then
   */
  public static void until(Duration timeout, Supplier<String> what, BooleanSupplier condition) {
    long end = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + timeout.toMillis() + " ms: " + what.get());
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
