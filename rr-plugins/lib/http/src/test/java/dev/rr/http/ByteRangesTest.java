package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.http.ByteRanges.Part;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangesTest {
  @Test
  void readsFirstLastOpenAndSuffixRanges() {
    assertThat(ByteRanges.parse("bytes=0-4, 5-,-3", 10))
        .containsExactly(new Part(0, 5), new Part(5, 5), new Part(7, 3));
  }

  @Test
  void cutsARangeAtTheEndOfTheFile() {
    assertThat(ByteRanges.parse("bytes=8-99", 10)).containsExactly(new Part(8, 2));
    assertThat(ByteRanges.parse("bytes=-99", 10)).containsExactly(new Part(0, 10));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=0-9223372036854775807",
        "bytes=0-99999999999999999999",
        "bytes=-9223372036854775807",
        "bytes=-99999999999999999999",
        "Bytes=0-"
      })
  void takesAnEndThatNoFileReachesForTheEndOfTheFile(String header) {
    assertThat(ByteRanges.parse(header, 10)).containsExactly(new Part(0, 10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "lines=0-1", "bytes", "bytes 0-1", "x-bytes=0-1", "nonsense"})
  void findsNoRangesInWhatIsNotInBytes(String header) {
    assertThat(ByteRanges.parse(header, 10)).isEqualTo(List.of());
  }

  @Test
  void dropsARangeBeyondTheEndWhenAnotherCanBeSatisfied() {
    assertThat(ByteRanges.parse("bytes=0-0,20-30", 10)).containsExactly(new Part(0, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-", "bytes=0-0", "bytes=-1", "bytes=-0", "bytes=5-9"})
  void findsNoRangesInAnEmptyFile(String header) {
    assertThat(ByteRanges.parse(header, 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=",
        "bytes=5",
        "bytes=-",
        "bytes=4-2",
        "bytes=a-b",
        "bytes=10-",
        "bytes=-0",
        "bytes=--1",
        "bytes=99999999999999999999-",
        "bytes=9223372036854775807-9223372036854775807",
        "bytes=1-+2"
      })
  void refusesWhatIsMalformedOrCannotBeSatisfied(String header) {
    List<Part> parts = ByteRanges.parse(header, 10);

    // Go's server takes an empty set for "no range"; it is the one malformed header that is
    // harmless.
    if (header.equals("bytes=")) {
      assertThat(parts).isEmpty();
    } else {
      assertThat(parts).isNull();
    }
  }

  @Test
  void refusesMoreRangesThanAnybodyNeeds() {
    assertThat(ByteRanges.parse("bytes=" + "0-0,".repeat(100), 10)).isNull();
  }
}
