package dev.rr.plugin.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.MemoryBudget;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FormMemoryTest {
  private static final int KIB = 1024;

  private final MemoryBudget all = new MemoryBudget(200 * KIB);

  private static void refused(int status, ThrowingCallable counting) {
    assertThatThrownBy(counting)
        .isInstanceOfSatisfying(
            HttpFault.class, fault -> assertThat(fault.status()).isEqualTo(status));
  }

  @Test
  void countsWhatComesAndItsJsonEachAgainstTheFormsLimit() throws Exception {
    try (FormMemory form = new FormMemory(100, all)) {
      form.hold(60);
      form.hold(40);
      form.json(100);

      refused(413, () -> form.hold(1));
      refused(413, () -> form.json(1));
    }
  }

  @Test
  void refusesForNowWhatFindsNoRoom() throws Exception {
    try (FormMemory large = new FormMemory(1 << 20, all);
        FormMemory other = new FormMemory(1 << 20, all)) {
      large.hold(140 * KIB);

      refused(503, () -> other.hold(60 * KIB));
    }
  }

  @Test
  void refusesAFormThatNeverFitsAsTooLarge() throws Exception {
    try (FormMemory form = new FormMemory(1 << 20, all)) {
      form.hold(140 * KIB);

      refused(413, () -> form.json(61 * KIB));
    }
  }

  @Test
  void refusesAsTooLargeWhatLeavesNothingToOthersEvenWhereNobodyElseIs() throws Exception {
    try (FormMemory form = new FormMemory(1 << 20, all)) {
      form.hold(100 * KIB);

      refused(413, () -> form.hold(51 * KIB));
    }
  }

  @Test
  void givesBackWhatItTookAlsoAfterARefusalAndTakesNothingAfterwards() throws Exception {
    FormMemory first = new FormMemory(1 << 20, all);
    first.hold(100 * KIB);
    FormMemory second = new FormMemory(1 << 20, all);
    refused(503, () -> second.hold(90 * KIB));
    second.close();
    assertThat(all.taken()).isEqualTo(100 * KIB);

    first.close();
    first.close();
    refused(503, () -> first.hold(1));
    assertThat(all.taken()).isZero();
  }
}
