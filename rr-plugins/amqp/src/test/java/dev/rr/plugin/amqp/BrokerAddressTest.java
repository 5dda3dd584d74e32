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
        .isEqualTo(
            new BrokerAddress(tls, host, port, user, password, vhost, BrokerAddress.Tuning.USUAL));
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
  void theQueryTunesTheConnection() {
    assertThat(
            BrokerAddress.parse("amqp://h/?heartbeat=0&connection_timeout=500&channel_max=9")
                .tuning())
        .isEqualTo(new BrokerAddress.Tuning(0, 500, 9));
    assertThat(BrokerAddress.parse("amqp://h?heartbeat=30").tuning())
        .isEqualTo(new BrokerAddress.Tuning(30, 10_000, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "heartbeats=1 | has the parameter 'heartbeats'; allowed: channel_max, connection_timeout,"
            + " heartbeat; did you mean heartbeat?",
        "cacertfile=/ca.pem | has the parameter 'cacertfile'; allowed: channel_max,"
            + " connection_timeout, heartbeat; files for TLS stand in amqp.tls",
        "heartbeat= | has '' as heartbeat; allowed: 0 to 65535",
        "heartbeat=1s | has '1s' as heartbeat; allowed: 0 to 65535",
        "channel_max=1 | has '1' as channel_max; allowed: 2 to 65535",
        "connection_timeout=0 | has '0' as connection_timeout; allowed: 1 to 600000",
        "heartbeat=1& | has the parameter ''; allowed: channel_max, connection_timeout, heartbeat;"
            + " files for TLS stand in amqp.tls",
      })
  void aQueryThatHasNoEffectIsRefused(String query, String problem) {
    assertThatThrownBy(() -> BrokerAddress.parse("amqp://u:secret@h/?" + query))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(problem);
  }

  @Test
  void messagesShowNeitherUserNorPassword() {
    assertThat(BrokerAddress.parse("amqp://u:p@h:1/v").toString()).isEqualTo("amqp at h:1, v");
  }
}
