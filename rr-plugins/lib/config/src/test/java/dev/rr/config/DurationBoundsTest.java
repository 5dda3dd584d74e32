package dev.rr.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationBoundsTest {
  private static final DurationBounds BOUNDS =
      new DurationBounds(Duration.ofMillis(10), Duration.ofDays(1));

  @ParameterizedTest
  @CsvSource({"5, 5000", "' 5 ', 5000", "1m30s, 90000", "10ms, 10", "86400, 86400000"})
  void aNumberAloneIsSeconds(String text, long millis) {
    assertThat(BOUNDS.parse(text, Duration.ofHours(1))).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void nothingAndZeroAreTheFallback() {
    for (String text : new String[] {"", " ", "0", "0s"}) {
      assertThat(BOUNDS.parse(text, Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "soon, 'is not a duration; allowed are seconds, such as 5, and 1m30s'",
    "5x, 'has the unknown unit \"x\"; allowed are seconds'",
    "9ms, is not between 10ms and 24h",
    "-5, is not between 10ms and 24h",
    "25h, is not between 10ms and 24h"
  })
  void saysWhatIsWrongAndWhatIsAllowed(String text, String message) {
    assertThatThrownBy(() -> BOUNDS.parse(text, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + text + "' " + message);
  }

  @Test
  void tellsItsBoundsInTheLargestUnitThatFits() {
    DurationBounds bounds = new DurationBounds(Duration.ZERO, Duration.ofSeconds(90));
    assertThatThrownBy(() -> bounds.parse("2m", Duration.ZERO))
        .hasMessage("'2m' is not between 0s and 90s");
  }
}
