package dev.rr.plugin.amqp;

import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the jobs that were pushed from here and are not due, by the second in which they are:
 * there are no more of those than the longest delay has. Any thread.
 */
final class DelayedJobs {
  private final ConcurrentSkipListMap<Long, LongAdder> dueIn = new ConcurrentSkipListMap<>();

  void pushed(Duration delay) {
    if (delay.isPositive()) {
      long second = now() + delay.toSeconds();
      dueIn.computeIfAbsent(second, s -> new LongAdder()).increment();
      dueIn.headMap(now()).clear();
    }
  }

  long count() {
    return dueIn.tailMap(now(), false).values().stream().mapToLong(LongAdder::sum).sum();
  }

  private static long now() {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
  }
}
