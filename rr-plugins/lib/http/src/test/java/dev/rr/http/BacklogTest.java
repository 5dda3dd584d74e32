package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.MemoryBudget;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BacklogTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private final MemoryBudget budget = new MemoryBudget(1_000);
  private final Backlog backlog = new Backlog(budget);

  @Test
  void countsWhatWaitsNowAndNotWhatWaitedBefore() {
    backlog.set(900);
    backlog.set(700);
    assertThat(budget.taken()).isEqualTo(700);
    backlog.set(0);
    assertThat(budget.taken()).isZero();
  }

  @Test
  void shortensTheStallTimeoutWhenMemoryIsScarce() {
    assertThat(backlog.stallTimeout(LIMIT)).isEqualTo(LIMIT);
    backlog.set(1_000);
    assertThat(backlog.stallTimeout(LIMIT)).isEqualTo(Duration.ofSeconds(2));
    assertThat(backlog.stallTimeout(Duration.ofMillis(5))).isEqualTo(Duration.ofMillis(5));
    backlog.set(0);
    assertThat(backlog.stallTimeout(LIMIT)).isEqualTo(LIMIT);
  }
}
