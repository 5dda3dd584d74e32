package dev.rr.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final Deadline LATER = Deadline.after(Duration.ofMinutes(1));

  private final AtomicInteger tries = new AtomicInteger();

  @Test
  void triesUntilItSucceeds() throws Exception {
    Attempts.until(
        LATER,
        PAUSE,
        () -> {
          if (tries.incrementAndGet() < 3) {
            throw new IOException("away");
          }
        });
    assertThat(tries).hasValue(3);
  }

  @Test
  void doesNotTryAgainWhatWasRefused() {
    assertThatThrownBy(() ->
            Attempts.until(
                LATER,
                PAUSE,
                () -> {
                  tries.incrementAndGet();
                  throw new RefusedException("too large");
                }))
        .isInstanceOf(RefusedException.class)
        .hasMessage("too large");
    assertThat(tries).hasValue(1);
  }

  @Test
  void whatTheLastAttemptHadNoTimeForSaysLessThanTheOneBefore() {
    Deadline soon = Deadline.after(Duration.ofMillis(50));
    assertThatThrownBy(() ->
            Attempts.until(
                soon,
                Duration.ofHours(1),
                () -> {
                  throw new IOException(
                      tries.getAndIncrement() == 0 ? "connection refused" : "no time");
                }))
        .hasMessage("connection refused");
    assertThat(tries).hasValue(2);
  }

  @Test
  void triesOnceWhenThereIsNoTime() {
    Deadline over = Deadline.after(Duration.ZERO);
    assertThatThrownBy(() ->
            Attempts.until(
                over,
                PAUSE,
                () -> {
                  throw new IOException("silent");
                }))
        .hasMessage("silent");
  }

  @Test
  void pausesDoubleWithinBounds() {
    Duration longest = Duration.ofMillis(300);
    assertThat(Attempts.longer(Duration.ofMillis(100), longest)).isEqualTo(Duration.ofMillis(200));
    assertThat(Attempts.longer(Duration.ofMillis(200), longest)).isEqualTo(longest);
    assertThat(Attempts.longer(longest, longest)).isEqualTo(longest);
  }
}
