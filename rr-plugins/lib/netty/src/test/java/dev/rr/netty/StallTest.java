package dev.rr.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StallTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private final Stall stall = new Stall();

  /** Looks when so many seconds have passed. */
  private boolean lasts(long waiting, boolean moved, int seconds) {
    return stall.lasts(waiting, moved, Duration.ofSeconds(seconds).toNanos(), LIMIT);
  }

  @Test
  void lastsOnceNothingHasMovedForLongerThanTheLimit() {
    assertThat(lasts(10, false, 100)).isFalse();
    assertThat(stall.waits()).isTrue();
    assertThat(lasts(10, false, 105)).isFalse();
    assertThat(lasts(10, false, 106)).isTrue();
  }

  @Test
  void bytesThatComeOnTopAreNoMove() {
    assertThat(lasts(10, false, 100)).isFalse();
    assertThat(lasts(20, false, 105)).isFalse();
    assertThat(lasts(30, false, 106)).isTrue();
  }

  @Test
  void beginsAnewWhenTheClientTakesSomething() {
    assertThat(lasts(10, false, 100)).isFalse();
    assertThat(lasts(9, false, 105)).isFalse();
    assertThat(lasts(9, false, 110)).isFalse();
    assertThat(lasts(9, true, 115)).isFalse();
    assertThat(lasts(9, false, 120)).isFalse();
    assertThat(lasts(9, false, 121)).isTrue();
  }

  @Test
  void doesNotCountWhileNothingWaits() {
    assertThat(lasts(0, false, 100)).isFalse();
    assertThat(stall.waits()).isFalse();
    assertThat(lasts(10, false, 200)).isFalse();
    assertThat(lasts(10, false, 205)).isFalse();
    assertThat(lasts(10, false, 206)).isTrue();
    assertThat(lasts(0, false, 300)).isFalse();
  }
}
