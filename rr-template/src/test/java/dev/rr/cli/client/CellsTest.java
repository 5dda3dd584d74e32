package dev.rr.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "9, 9 B",
    "10, 10 B",
    "999, 999 B",
    "1000, 1.0 kB",
    "4500000, 4.5 MB",
    "45000000, 45 MB",
    "82854982, 83 MB",
    "9949999, 9.9 MB",
    "9960000, 10 MB",
    "5000000000, 5.0 GB"
  })
  void bytesInSiUnits(long bytes, String text) {
    assertThat(Cells.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "PT-5S, now", "PT0.9S, now", "PT1S, 1 second ago", "PT59S, 59 seconds ago",
    "PT60S, 1 minute ago", "PT59M, 59 minutes ago", "PT1H, 1 hour ago", "PT23H, 23 hours ago",
    "P1D, 1 day ago", "P6D, 6 days ago", "P7D, 1 week ago", "P29D, 4 weeks ago",
    "P30D, 1 month ago", "P359D, 11 months ago", "P360D, 1 year ago", "P540D, 2 years ago",
    "P1100D, 3 years ago"
  })
  void agesInWords(Duration age, String text) {
    assertThat(Cells.ago(age)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      value = {"0; 0", "999; 999", "1000; 1,000", "1234567; 1,234,567"},
      delimiter = ';')
  void countsWithCommas(long count, String text) {
    assertThat(Cells.count(count)).isEqualTo(text);
  }
}
