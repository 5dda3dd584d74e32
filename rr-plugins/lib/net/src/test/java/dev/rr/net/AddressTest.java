package dev.rr.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressTest {
  private static final Path FOLDER = Path.of("/srv/app");

  private static Address parse(String text) {
    return AddressForms.LISTENER.parse(text);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:80, /127.0.0.1:80",
    ":80,          /0.0.0.0:80",
    "[::1]:80,     /[0:0:0:0:0:0:0:1]:80",
    "[::]:80,      /[0:0:0:0:0:0:0:0]:80",
  })
  void listensOnOneSocketAddress(String text, String expected) throws Exception {
    assertThat(parse(text).resolve(FOLDER)).hasToString(expected);
    assertThat(parse(text).resolveAll(FOLDER)).hasSize(1).first().hasToString(expected);
  }

  @Test
  void takesTheIpv4AddressOfANameThatHasSeveralOrAllOfThem() throws Exception {
    Address address = parse("localhost:80");
    assertThat(address.resolve(FOLDER)).isEqualTo(new InetSocketAddress("127.0.0.1", 80));
    assertThat(address.resolveAll(FOLDER)).contains(new InetSocketAddress("127.0.0.1", 80));
  }

  @Test
  void aRelativeSocketBeginsInTheFolder() throws Exception {
    assertThat(parse("unix://run/rr.sock").resolve(FOLDER))
        .isEqualTo(UnixDomainSocketAddress.of("/srv/app/run/rr.sock"));
    assertThat(parse("unix:///run/rr.sock").resolveAll(FOLDER))
        .containsExactly(UnixDomainSocketAddress.of("/run/rr.sock"));
    assertThat(parse("unix://rr.sock").reach(FOLDER))
        .isEqualTo(UnixDomainSocketAddress.of("/srv/app/rr.sock"));
    assertThat(parse("unix://rr.sock").port()).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({
    ":7000,           /127.0.0.1:7000",
    "0.0.0.0:7000,    /127.0.0.1:7000",
    "[::]:7000,       /127.0.0.1:7000",
    "127.0.0.2:7000,  /127.0.0.2:7000",
  })
  void whoListensEverywhereIsReachedHere(String text, String expected) throws Exception {
    assertThat(parse(text).reach(FOLDER)).hasToString(expected);
  }

  @Test
  void aHostThatNobodyKnowsIsNamed() {
    Address address = parse("no.such.host.invalid:80");
    assertThatThrownBy(() -> address.resolve(FOLDER)).isInstanceOf(UnknownHostException.class);
    assertThat(address.cannotListen("http.address", new UnknownHostException("no: not known")))
        .hasMessage(
            "http.address: cannot listen on no.such.host.invalid:80: unknown host"
                + " no.such.host.invalid");
  }

  @ParameterizedTest
  @CsvSource({
    ":80,       'bind(..) failed with error(-98): Address already in use',"
        + " the address is in use by another program",
    "h:80,      'bind(..) failed with error(-99): Cannot assign requested address',"
        + " it is no address of this machine",
    ":80,       'bind(..) failed with error(-13): Permission denied',"
        + " permission denied (ports below 1024 need it)",
    "unix://a,  'bind(..) failed with error(-13): Permission denied', permission denied",
    "unix://a,  'bind(..) failed with error(-2): No such file or directory',"
        + " the folder of the socket does not exist",
    ":80,       'bind(..) failed with error(-12): Out of memory', Out of memory",
    ":80,       something else, something else",
  })
  void saysWhyItCannotBeListenedOn(String text, String system, String reason) {
    IOException cause = new BindException(system);
    assertThat(parse(text).cannotListen("tcp.servers.a.addr", cause))
        .hasMessage("tcp.servers.a.addr: cannot listen on " + text + ": " + reason)
        .hasCause(cause);
  }
}
