package dev.rr.plugin.proxyipparser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rr.api.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyIpParserTest {
  private static final List<String> BUILT_IN =
      new ProxyIpParserConfig(List.of(), List.of()).trustedHeaders();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Forwarded-For|9.10.11.12, 172.16.0.1|9.10.11.12",
        "X-Forwarded-For|foo.workstation|foo.workstation",
        "X-Forwarded-For|1.2.3.4:567|1.2.3.4",
        "Forwarded|by=foo;for=3.11.0.1;host=x|3.11.0.1",
        "Forwarded|For=\"[2001:db8:cafe::17]:4711|2001:db8:cafe::17",
        "Forwarded|for=\"192.0.2.43\", for=198.51.100.17|192.0.2.43",
        "Forwarded|foo.workstation|''",
        "X-Real-Ip|2001:db8::1|2001:db8:0:0:0:0:0:1",
        "True-Client-Ip|10.1.1.1|10.1.1.1",
        "Cf-Connecting-Ip|not:a:valid:thing|''",
        "X-Other|1.1.1.1|''"
      })
  void readsTheAddressThatAHeaderGives(String name, String value, String expected) {
    assertThat(ClientAddress.find(new HttpHeaders().add(name, value), BUILT_IN))
        .isEqualTo(expected);
  }

  @Test
  void fallsThroughAHeaderThatGivesNothing() {
    HttpHeaders headers =
        new HttpHeaders().add("Forwarded", "proto=https").add("X-Forwarded-For", "9.9.9.9");

    assertThat(ClientAddress.find(headers, BUILT_IN)).isEqualTo("9.9.9.9");
  }

  @Test
  void looksOnlyAtConfiguredHeaders() {
    List<String> only =
        new ProxyIpParserConfig(List.of(), List.of(" X-Real-Ip ", "")).trustedHeaders();
    HttpHeaders headers =
        new HttpHeaders().add("X-Forwarded-For", "9.9.9.9").add("X-Real-IP", "8.8.8.8");

    assertThat(ClientAddress.find(headers, only)).isEqualTo("8.8.8.8");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "192.168.1.128/25, 192.168.1.127, false",
    "192.168.1.128/25, 192.168.1.200, true",
    "0.0.0.0/0, 1.2.3.4, true",
    "1.2.3.4/32, 1.2.3.4, true",
    "fd00::/8, fd12::1, true",
    "fd00::/8, fe80::1, false",
    "0.0.0.0/0, ::1, false"
  })
  void knowsWhoLiesInASubnet(String subnet, String address, boolean inside) {
    assertThat(Subnet.parse(subnet).contains(InetAddress.ofLiteral(address))).isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "10.0.0.0/33", "10.0.0.0/x", "fd00::/129", "host/8", "/8"})
  void refusesWhatIsNoSubnet(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Subnet.parse(text));
  }
}
