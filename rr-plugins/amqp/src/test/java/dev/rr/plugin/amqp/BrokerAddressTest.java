package dev.rr.plugin.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerAddressTest {
  @ParameterizedTest
  @CsvSource({
    "amqp://guest:guest@127.0.0.1:5672/, false, 127.0.0.1, 5672, guest, guest, /",
    "amqp://h, false, h, 5672, guest, guest, /",
    "amqps://h/, true, h, 5671, guest, guest, /",
    "amqp://u:p%40ss%2F+@h:1/a, false, h, 1, u, p@ss/+, a",
    "amqp://h/%2Fa, false, h, 5672, guest, guest, /a",
    "amqp://[::1]:7/, false, ::1, 7, guest, guest, /",
  })
  void partsHaveTheirDefaultsAndAreDecoded(
      String text, boolean tls, String host, int port, String user, String password, String vhost) {
    assertThat(BrokerAddress.parse(text))
        .isEqualTo(new BrokerAddress(tls, host, port, user, password, vhost));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://u:secret@h:1", "amqp://u:secret@:1/", "amqp://u:sec ret@h", "h:1"})
  void whatIsNoneIsToldWithoutThePassword(String text) {
    assertThatThrownBy(() -> BrokerAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("sec")
        .contains("amqp://");
  }

  @Test
  void messagesShowNeitherUserNorPassword() {
    assertThat(BrokerAddress.parse("amqp://u:p@h:1/v").toString()).isEqualTo("amqp at h:1, v");
  }
}
