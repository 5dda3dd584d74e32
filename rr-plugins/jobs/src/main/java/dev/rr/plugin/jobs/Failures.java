package dev.rr.plugin.jobs;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** How often in a row workers have died of a pipeline's jobs. Any thread. */
final class Failures {
  private static final Duration SHORTEST = Duration.ofMillis(500);
  private static final int MOST_DOUBLINGS = 5;

  private final AtomicInteger inRow = new AtomicInteger();

  /** A worker has lived through one. */
  void none() {
    if (inRow.get() != 0) {
      inRow.set(0);
    }
  }

  /** One has died; how long its job stays away: half a second, then twice that each time. */
  Duration one() {
    int before = Math.min(inRow.getAndIncrement(), MOST_DOUBLINGS);
    return SHORTEST.multipliedBy(1L << Math.max(0, before));
  }
}
