package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PercentEncodingTest {
  @ParameterizedTest
  @CsvSource({"a+b,a+b", "%41b%2b,Ab+", "%c3%A9,Ã©", "é%20,'é '", "%2541,%41"})
  void resolvesEachEscapeToOneByteAndLeavesTheRest(String text, String bytes) {
    assertThat(PercentEncoding.decode(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "a%4", "%4g", "%+1", "%%41"})
  void refusesWhatIsNoEscape(String text) {
    assertThat(PercentEncoding.decode(text)).isNull();
  }

  @Test
  void tellsControlCharactersFromTheTab() {
    assertThat(Controls.in("a\tb é\u00ff")).isFalse();
    assertThat(Controls.in("a\u0000")).isTrue();
    assertThat(Controls.in("\u001f")).isTrue();
    assertThat(Controls.in("a\u007fb")).isTrue();
  }
}
