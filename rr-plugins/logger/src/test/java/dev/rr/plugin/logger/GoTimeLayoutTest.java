package dev.rr.plugin.logger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GoTimeLayoutTest {
  private static final ZonedDateTime TIME =
      ZonedDateTime.of(2026, 3, 7, 14, 5, 9, 120_000_000, ZoneOffset.ofHours(2));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2006-01-02 15:04:05|2026-03-07 14:05:09",
        "2006-01-02T15:04:05Z07:00|2026-03-07T14:05:09+02:00",
        "2006-01-02T15:04:05.999999999Z07:00|2026-03-07T14:05:09.12+02:00",
        "15:04:05.000|14:05:09.120",
        "15:04:05,000000|14:05:09,120000",
        "Mon Jan _2 15:04:05 2006|Sat Mar  7 14:05:09 2026",
        "Monday, 02-Jan-06 15:04:05 -0700|Saturday, 07-Mar-26 14:05:09 +0200",
        "January 2, 2006 at 3:04pm|March 7, 2026 at 2:05pm",
        "3:04PM|2:05PM",
        "1/2/06|3/7/26",
        "002|066",
        "day|day",
        "[Month]|[Month]"
      })
  void formatsAsGoDoes(String layout, String expected) {
    assertThat(GoTimeLayout.of(layout).format(TIME)).isEqualTo(expected);
  }
}
