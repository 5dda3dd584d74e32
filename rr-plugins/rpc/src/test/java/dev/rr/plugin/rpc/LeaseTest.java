package dev.rr.plugin.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseTest {
  private static final int SIZE = 1_000_000;

  private final Budget budget = new Budget(SIZE);

  private Lease admitted(long payload) {
    assertThat(budget.take(Lease.admission(payload))).isTrue();
    return new Lease(budget, Lease.admission(payload), payload);
  }

  @Test
  void whatASmallCallDecodesIsPaidForWhenItIsLetIn() {
    Lease lease = admitted(100);
    long taken = budget.taken();
    lease.accept(1_000);
    assertThat(lease.answer(1_000)).isTrue();
    assertThat(budget.taken()).isEqualTo(taken);
    lease.close();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void anArgumentThatGrowsBeyondTheBudgetIsRefusedAndGivesEverythingBack() {
    Lease lease = admitted(100);
    lease.accept(SIZE / 2);
    assertThatThrownBy(() -> lease.accept(SIZE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("all calls together may take 1000000 bytes");
    lease.close();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void anArgumentIsGivenBackOnceThereIsAnAnswer() {
    Lease lease = admitted(SIZE / 3);
    assertThat(lease.answer(10)).isTrue();
    assertThat(budget.taken()).isLessThan(100_000);
    lease.close();
    lease.close();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void largeOnesLeaveRoomToSmallOnes() {
    assertThat(budget.take(SIZE)).isFalse();
    assertThat(budget.take(Budget.largest(SIZE))).isTrue();
    assertThat(budget.take(70_000)).isFalse();
    assertThat(budget.take(10_000)).isTrue();
  }

  @Test
  void whoWaitsIsCalledBackOneAfterTheOther() {
    List<String> called = new ArrayList<>();
    Runnable forgotten = () -> called.add("forgotten");
    assertThat(budget.take(800_000)).isTrue();
    assertThat(budget.take(400_000, () -> called.add("first"))).isFalse();
    assertThat(budget.take(400_000, forgotten)).isFalse();
    assertThat(budget.take(400_000, () -> called.add("second"))).isFalse();
    budget.forget(forgotten);
    budget.give(800_000);
    assertThat(called).containsExactly("first");
    budget.next();
    budget.next();
    assertThat(called).containsExactly("first", "second");
  }
}
