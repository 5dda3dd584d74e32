package dev.rr.pool;

import dev.rr.testing.worker.Await;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A pool's time that a test puts forward, and that stands still where the machine does: what waits
 * for a worker that could not run is not too late. Any thread.
 */
final class TestClock extends PoolClock {
  /** The longest time between two looks that passes; the watcher looks far more often. */
  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(100);

  private final AtomicLong looks = new AtomicLong();
  private long last = System.nanoTime();
  private long now = 1;

  @Override
  long now() {
    if (Thread.currentThread().getName().endsWith("-watch")) {
      looks.incrementAndGet();
    }
    return pass(0);
  }

  private synchronized long pass(long further) {
    long real = System.nanoTime();
    now += Math.min(real - last, LONGEST) + further;
    last = real;
    return now;
  }

  /** Puts the time forward, and waits until the watcher has looked at what that changes. */
  void advance(Duration time) {
    pass(time.toNanos());
    // The look that is under way may have asked for the time before.
    long enough = looks.get() + 2;
    Await.until("a look at the clock", () -> looks.get() >= enough);
  }
}
