package dev.rr.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {
  private final MemoryBudget budget = new MemoryBudget(1000);

  @Test
  void largeTakersFindNoRoomWhileSmallOnesDo() {
    budget.add(700);
    assertThat(budget.take(100)).isFalse();
    assertThat(budget.take(10)).isTrue();
    assertThat(budget.taken()).isEqualTo(710);
  }

  @Test
  void threeQuartersOfItMayBeTakenAtOnce() {
    assertThat(budget.take(750)).isTrue();
    assertThat(budget.take(1)).isTrue();
    budget.give(751);
    assertThat(budget.take(751)).isFalse();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void nobodyFindsRoomBeyondItsSize() {
    budget.add(1000);
    assertThat(budget.take(1)).isFalse();
  }

  @Test
  void itIsTightFromHalfOfItOn() {
    budget.add(500);
    assertThat(budget.tight()).isFalse();
    budget.add(1);
    assertThat(budget.tight()).isTrue();
    budget.add(-1);
    assertThat(budget.tight()).isFalse();
  }
}
