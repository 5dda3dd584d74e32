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
    backlog.is(900);
    backlog.is(700);
    assertThat(budget.taken()).isEqualTo(700);
    backlog.is(0);
    assertThat(budget.taken()).isZero();
  }

  @Test
  void isPatientWhileThereIsMemory() {
    assertThat(backlog.patience(LIMIT)).isEqualTo(LIMIT);
    backlog.is(1_000);
    assertThat(backlog.patience(LIMIT)).isEqualTo(Duration.ofSeconds(2));
    assertThat(backlog.patience(Duration.ofMillis(5))).isEqualTo(Duration.ofMillis(5));
    backlog.is(0);
    assertThat(backlog.patience(LIMIT)).isEqualTo(LIMIT);
  }
}
