package dev.rr.plugin.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThreadTimeTest {
  @Test
  void countsWorkAndNotSleep() throws Exception {
    long before = ThreadTime.nanos();
    long end = System.nanoTime() + Duration.ofMillis(300).toNanos();
    Thread.sleep(Duration.ofMillis(300));
    long slept = ThreadTime.nanos() - before;
    while (ThreadTime.nanos() - before - slept < Duration.ofMillis(20).toNanos()) {
      assertThat(System.nanoTime() - end).isLessThan(Duration.ofSeconds(60).toNanos());
    }

    assertThat(slept).isBetween(0L, Duration.ofMillis(200).toNanos());
  }
}
