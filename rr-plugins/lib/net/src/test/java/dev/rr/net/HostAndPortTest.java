package dev.rr.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostAndPortTest {
  @ParameterizedTest
  @CsvSource({
    "localhost:80, localhost, 80",
    "localhost, localhost, ''",
    "[::1]:80, ::1, 80",
    "[::1], ::1, ''",
    "example.org:, example.org, ''",
    ":80, '', 80",
    "'', '', ''",
    "'[', '[', ''"
  })
  void divides(String text, String host, String port) {
    assertThat(HostAndPort.of(text)).isEqualTo(new HostAndPort(host, port));
  }
}
