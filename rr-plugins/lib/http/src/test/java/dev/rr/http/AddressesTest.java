package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.255, 192.0.2.255",
    "0:0:0:0:0:0:0:1, ::1",
    "0:0:0:0:0:0:0:0, ::",
    "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "0:0:3:4:5:6:7:8, ::3:4:5:6:7:8",
    "fe80::1%1, fe80::1",
  })
  void writesAddressesInTheirOneShortForm(String given, String expected) throws Exception {
    InetAddress address = InetAddress.ofLiteral(given);

    assertThat(Addresses.text(new InetSocketAddress(address, 1))).isEqualTo(expected);
  }

  @Test
  void hasNoTextForAUnixSocket() {
    assertThat(Addresses.text(UnixDomainSocketAddress.of("/x"))).isEmpty();
  }
}
