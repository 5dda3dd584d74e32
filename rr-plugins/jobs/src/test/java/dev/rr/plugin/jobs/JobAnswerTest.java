package dev.rr.plugin.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.plugin.jobs.JobAnswer.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobAnswerTest {
  private static JobAnswer read(String body) {
    return JobAnswer.read(body.getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":0,\"data\":[]} | NO_ERROR",
        "{\"type\":0} | NO_ERROR",
        "{} | NO_ERROR",
        "null | NO_ERROR",
        "{\"type\":2,\"data\":[]} | ACK",
        "{\"type\":2,\"data\":\"anything\"} | ACK",
        "{\"type\":42} | OTHER",
        "{\"type\":5} | OTHER",
        "{\"type\":1} | ERROR",
        "{\"type\":3,\"data\":{}} | NACK",
        "{\"type\":4,\"data\":{\"message\":\"again\"}} | REQUEUE"
      })
  void readsEveryType(String body, Kind kind) {
    assertThat(read(body).kind()).isEqualTo(kind);
  }

  @Test
  void readsWhatPhpSaysOfAFailure() {
    assertThat(
            read(
                "{\"type\":1,\"data\":{\"message\":\"boom\",\"requeue\":true,\"delay_seconds\":5,"
                    + "\"headers\":{\"retry\":[\"1\"]}}}"))
        .isEqualTo(
            new JobAnswer(
                Kind.ERROR, "boom", true, Duration.ofSeconds(5), Map.of("retry", List.of("1"))));
  }

  @Test
  void takesPhpsEmptyMapOfHeaders() {
    assertThat(read("{\"type\":4,\"data\":{\"message\":\"m\",\"headers\":[]}}").headers())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "foo",
        "not json",
        "[]",
        "7",
        "{\"type\":\"1\"}",
        "{\"type\":1,\"data\":\"boom\"}",
        "{\"type\":1,\"data\":[]}",
        "{\"type\":3,\"data\":[]}",
        "{\"type\":4,\"data\":\"boom\"}",
        "{\"type\":1,\"data\":{\"delay_seconds\":\"5\"}}",
        "{\"type\":1,\"data\":{\"requeue\":1}}",
        "{\"type\":1,\"data\":{\"headers\":{\"a\":\"b\"}}}"
      })
  void anythingElseIsNoAnswer(String body) {
    assertThatThrownBy(() -> read(body)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDelayOfAgesIsOneThatCanBeCounted() {
    Duration longest =
        read("{\"type\":4,\"data\":{\"delay_seconds\":9223372036854775807}}").delay();
    assertThat(longest.toNanos()).isPositive();
    assertThat(read("{\"type\":4,\"data\":{\"delay_seconds\":-1}}").delay()).isZero();
  }
}
