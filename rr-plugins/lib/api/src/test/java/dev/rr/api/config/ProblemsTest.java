package dev.rr.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProblemsTest {
  private static Problem at(String path) {
    return new Problem(new Problem.Place(null, 0, path), "is wrong");
  }

  @ParameterizedTest
  @CsvSource({
    "http.pool, http.pool, true",
    "http.pool, HTTP.Pool, true",
    "http.pool, http, true",
    "http.pool, http.pool.size, true",
    "serve, serve[1].root, true",
    "http.pool, http.pools, false",
    "http.pool, http.ssl, false",
    "http.pool, '', false",
  })
  void aSecondLookDoesNotTellWhatMayFollowFromAFallback(
      String wrong, String found, boolean follows) {
    Problems problems = new Problems();
    problems.add(at(wrong));
    problems.later().add(at(found));
    assertThat(problems.found()).hasSize(follows ? 1 : 2);
  }

  @Test
  void aSecondLookTellsAllThatItFindsAtOneKey() {
    Problems problems = new Problems();
    Problems later = problems.later();
    later.add(at("http.middleware"));
    later.add(at("http.middleware"));
    assertThat(problems.found()).hasSize(2);
  }

  @Test
  void aWarningKeepsNothingFromStarting() {
    Problems problems = new Problems();
    problems.later().warn(at("jobs.consume"));
    problems.throwIfAny();
    assertThat(problems.warnings()).containsExactly(at("jobs.consume"));
  }
}
