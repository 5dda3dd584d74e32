package dev.rr.net;

import static dev.rr.net.AddressForms.DATAGRAM;
import static dev.rr.net.AddressForms.DSN;
import static dev.rr.net.AddressForms.LISTENER;
import static dev.rr.net.AddressForms.PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressFormsTest {
  private static final Map<String, AddressForms<?>> ALL =
      Map.of("LISTENER", LISTENER, "PORT", PORT, "DSN", DSN, "DATAGRAM", DATAGRAM);

  @ParameterizedTest
  @CsvSource({
    // text, host, port, and the forms that take it
    "127.0.0.1:8080,            127.0.0.1,    8080,  LISTENER PORT DATAGRAM",
    ":65535,                    '',           65535, LISTENER PORT DATAGRAM",
    "localhost:0,               localhost,    0,     LISTENER PORT DATAGRAM",
    "my_host-1.example.:080,    my_host-1.example., 80, LISTENER PORT DATAGRAM",
    "[::1]:443,                 ::1,          443,   LISTENER PORT DATAGRAM",
    "[fe80::1%eth9]:1,          fe80::1%eth9, 1,     LISTENER PORT DATAGRAM",
    "[::ffff:10.0.0.1]:1,       ::ffff:10.0.0.1, 1,  LISTENER PORT DATAGRAM",
    "[127.0.0.1]:1,             127.0.0.1,    1,     LISTENER PORT DATAGRAM",
    "tcp://127.0.0.1:6001,      127.0.0.1,    6001,  LISTENER PORT DSN",
    "tcp://:6001,               '',           6001,  LISTENER PORT DSN",
    "tcp://[::]:6001,           ::,           6001,  LISTENER PORT DSN",
  })
  void readsPorts(String text, String host, int port, String takenBy) {
    Address expected = new Address.Tcp(text, host, port);
    assertThat(takers(text, expected)).containsExactlyInAnyOrder(takenBy.split(" "));
    assertThat(expected).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({
    "unix://rr.sock,            rr.sock",
    "unix:///run/rr/rr.sock,    /run/rr/rr.sock",
    "unix://a:1,                a:1",
    "unix://with space://x,     with space://x",
  })
  void readsUnixSockets(String text, String path) {
    Address expected = new Address.Unix(text, path);
    assertThat(takers(text, expected)).containsExactlyInAnyOrder("LISTENER", "DSN");
    assertThat(expected).hasToString(text);
  }

  /** The forms that take a text, all for the same; the others have a problem with it. */
  private static List<String> takers(String text, Address expected) {
    List<String> takers = new ArrayList<>();
    ALL.forEach((name, forms) -> {
      if (forms.problem(text).isEmpty()) {
        assertThat(forms.parse(text)).isEqualTo(expected);
        takers.add(name);
      }
    });
    return takers;
  }

  @ParameterizedTest
  @CsvSource({
    "'',                    it has no port",
    "nowhere,               it has no port",
    "[::1],                 it has no port",
    ":,                     '\"\" is no port from 0 to 65535'",
    "h:,                    '\"\" is no port from 0 to 65535'",
    "h:x,                   '\"x\" is no port from 0 to 65535'",
    "h:-1,                  '\"-1\" is no port from 0 to 65535'",
    "h:+1,                  '\"+1\" is no port from 0 to 65535'",
    "h:65536,               '\"65536\" is no port from 0 to 65535'",
    "h:99999999999999999999,'\"99999999999999999999\" is no port from 0 to 65535'",
    "h:\u0661,              '\"\u0661\" is no port from 0 to 65535'",
    "::1:80,                an IPv6 address stands in brackets",
    "a:b:80,                '\"a:b\" is no IPv6 address'",
    "[a:b]:80,              '\"a:b\" is no IPv6 address'",
    "[::1:80,               '\"[::1\" is no IPv6 address'",
    "[h:80,                 '\"[h\" is no host'",
    "a b:80,                '\"a b\" is no host'",
    "tcp://user@h:80,       '\"user@h\" is no host'",
    "tcp://h://6001,        '\"//6001\" is no port from 0 to 65535'",
    "udp://127.0.0.1:80,    udp:// is not known",
    "://127.0.0.1:80,       :// is not known",
    "unix:rr.sock,          '\"rr.sock\" is no port from 0 to 65535'",
    "unix://,               it names no file",
  })
  void saysWhatIsWrong(String text, String fault) {
    assertThat(LISTENER.problem(text)).contains(whole(text, fault.replace('"', '\'')));
  }

  private static String whole(String text, String fault) {
    return "'"
        + text
        + "' is no address: "
        + fault
        + "; allowed are host:port, :port, [v6]:port and unix://path, for example 127.0.0.1:8080";
  }

  @Test
  void saysWhatMayBeMeantByAPortAloneAndByTheFormOfAnotherKey() {
    assertThat(LISTENER.problem("8080").orElseThrow()).endsWith("; did you mean ':8080'?");
    assertThat(DSN.problem("6001").orElseThrow()).endsWith("; did you mean 'tcp://:6001'?");
    assertThat(DSN.problem("h:6001").orElseThrow()).endsWith("; did you mean 'tcp://h:6001'?");
    assertThat(DATAGRAM.problem("tcp://:443").orElseThrow()).endsWith("; did you mean ':443'?");
  }

  @Test
  void aFileNameWithoutEndForTheSystemIsNone() {
    assertThat(LISTENER.problem("unix://a\0b")).contains(whole("unix://a\0b", "it names no file"));
  }

  @Test
  void saysWhatIsAllowedWhereFewerFormsAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DSN.parse(":6001"))
        .withMessage(
            "':6001' is no address: it does not begin with tcp:// or unix://; allowed are"
                + " tcp://host:port, tcp://:port, tcp://[v6]:port and unix://path; did you mean"
                + " 'tcp://:6001'?");
    assertThat(PORT.problem("unix://rr.sock"))
        .contains(
            "'unix://rr.sock' is no address: a unix socket is not possible here; allowed are"
                + " host:port, :port and [v6]:port, for example 127.0.0.1:8080");
    assertThat(DATAGRAM.problem("tcp://:443"))
        .contains(
            "'tcp://:443' is no address: nothing stands before a port of UDP, tcp:// is too much;"
                + " allowed are host:port, :port and [v6]:port; did you mean ':443'?");
  }
}
