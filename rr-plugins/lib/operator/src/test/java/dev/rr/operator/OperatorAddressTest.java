package dev.rr.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorAddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8081, 127.0.0.1, 8081",
    "tcp://localhost:0, localhost, 0",
    ":65535, '', 65535",
    "[::1]:80, ::1, 80"
  })
  void readsHostAndPort(String text, String host, int port) {
    assertThat(OperatorAddress.parse(text)).isEqualTo(new OperatorAddress(text, host, port));
  }

  @Test
  void listensOnEveryAddressWithoutAHost() throws Exception {
    assertThat(OperatorAddress.parse(":80").resolve().getHostString()).isEqualTo("0.0.0.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nowhere",
        ":",
        "h:",
        "h:x",
        "h:-1",
        "h:65536",
        "::1:80",
        "unix://a:1",
        "http://h:80"
      })
  void namesWhatIsNone(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OperatorAddress.parse(text))
        .withMessage("`" + text + "` is not an address such as 127.0.0.1:8081 or :8081");
  }
}
