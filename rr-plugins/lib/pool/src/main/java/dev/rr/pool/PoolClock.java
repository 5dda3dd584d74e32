package dev.rr.pool;

import java.util.concurrent.TimeUnit;

/** The time of one pool; that of a test passes as the test says. Any thread. */
class PoolClock {
  /** A second of this clock. */
  static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long origin = System.nanoTime();

  /** Nanoseconds since the pool was made; always positive, so that 0 can mean "never". */
  long now() {
    return System.nanoTime() - origin + 1;
  }
}
