package dev.rr.plugin.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.http.FakeRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheKeyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http|victim|.com/login?next=http://ok|http|victim.com|/login?next=http://ok",
        "http|example|:8443/go|http|example:8443|/go",
        "http|h|/a?b|http|h|/a%3Fb",
        "http|h|/a|http|h|/a?",
        "http|h|/a?b?c|http|h|/a?b",
        "http|h|/a|https|h|/a",
        "http|h|/a|http|h/|a",
        "http|h|/a|http|h|/A",
        "http|h|/a|http|h|http://h/a"
      })
  void keepsThePartsOfAUriApart(
      String scheme, String host, String target, String scheme2, String host2, String target2) {
    assertThat(CacheKey.of(scheme, host, target))
        .isNotEqualTo(CacheKey.of(scheme2, host2, target2));
  }

  @Test
  void isTheSameForTheSameUriWhateverTheCaseOfTheHost() {
    assertThat(CacheKey.of("http", "Example.COM", "/a?b"))
        .isEqualTo(CacheKey.of("http", "example.com", "/a?b"));
  }

  @Test
  void isForUrisOfEightThousandOctetsAtMost() {
    String host = "example.com";
    assertThat(CacheKey.isFor(FakeRequest.get("/".repeat(8_000 - host.length())))).isTrue();
    assertThat(CacheKey.isFor(FakeRequest.get("/".repeat(8_001 - host.length())))).isFalse();
  }
}
