package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.Losses.Kill;
import com.example.Losses.Loss;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossesTest {
  private static final Loss EARLY = new Loss(10, 20, "early");
  private static final Loss LATE = new Loss(10, 30, "late");

  @Test
  void aKillAccountsForOneRequestOfItsTime() {
    assertThat(Losses.unexplained(List.of(LATE, EARLY), List.of(new Kill(15, 16))))
        .containsExactly(LATE);
  }

  @Test
  void everyKillAccountsForAnother() {
    assertThat(
            Losses.unexplained(List.of(LATE, EARLY), List.of(new Kill(15, 16), new Kill(25, 26))))
        .isEmpty();
  }

  @Test
  void aKillBeforeOrAfterARequestDoesNotAccountForIt() {
    assertThat(Losses.unexplained(List.of(EARLY), List.of(new Kill(1, 9), new Kill(21, 22))))
        .containsExactly(EARLY);
  }
}
