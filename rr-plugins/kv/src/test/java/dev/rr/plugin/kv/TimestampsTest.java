package dev.rr.plugin.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampsTest {
  @ParameterizedTest
  @CsvSource({
    "2026-03-04T05:06:07Z, 2026-03-04T05:06:07Z",
    "2026-03-04T05:06:07+00:00, 2026-03-04T05:06:07Z",
    "2026-03-04T05:06:07-01:30, 2026-03-04T06:36:07Z",
    "2026-03-04T05:06:07+01:30, 2026-03-04T03:36:07Z",
    "2026-03-04T05:06:07.25Z, 2026-03-04T05:06:07.25Z",
    "'2026-03-04T05:06:07,000000001Z', 2026-03-04T05:06:07.000000001Z",
    "2026-03-04T05:06:07.12345678901Z, 2026-03-04T05:06:07.123456789Z",
    "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
    "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-23:59, +10000-01-01T23:58:59Z"
  })
  void readsWhatRfc3339Allows(String text, String moment) {
    assertThat(Timestamps.parse(text)).isEqualTo(Instant.parse(moment));
  }

  /** As Go 1.24 says it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tomorrow | as \"2006-01-02T15:04:05Z07:00\": cannot parse \"tomorrow\" as \"2006\"",
        "2026 | as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"-\"",
        "2026-03-04 05:06:07Z | as \"2006-01-02T15:04:05Z07:00\": cannot parse \" 05:06:07Z\" as"
            + " \"T\"",
        "2026-03-04T05:06:07 | as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"Z07:00\"",
        "2026-03-04T05:06:07+01 | as \"2006-01-02T15:04:05Z07:00\": cannot parse \"+01\" as"
            + " \"Z07:00\"",
        "2026-13-04T05:06:07Z | : month out of range",
        "2026-02-30T05:06:07Z | : day out of range",
        "2026-02-03T24:06:07Z | : hour out of range",
        "2026-02-03T05:06:07Zx | : extra text: \"x\""
      })
  void refusesEverythingElseInGosWords(String text, String reason) {
    String blank = reason.startsWith(":") ? "" : " ";
    assertThatThrownBy(() -> Timestamps.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parsing time \"" + text + "\"" + blank + reason);
  }

  @Test
  void writesWholeSecondsAlways() {
    assertThat(Timestamps.format(Instant.parse("2026-03-04T05:06:00.999Z")))
        .isEqualTo("2026-03-04T05:06:00+00:00");
    assertThat(Timestamps.format(Instant.MAX)).isEqualTo("9999-12-31T23:59:59+00:00");
    assertThat(Timestamps.format(Instant.MIN)).isEqualTo("0000-01-01T00:00:00+00:00");
  }
}
