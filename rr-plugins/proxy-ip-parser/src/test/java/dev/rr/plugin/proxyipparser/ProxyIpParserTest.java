package dev.rr.plugin.proxyipparser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.plugin.PluginDisabled;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.worker.RecordingLog;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyIpParserTest {
  private static final List<String> BUILT_IN =
      new ProxyIpParserConfig(List.of(), List.of()).trustedHeaders();

  private final RecordingLog log = new RecordingLog();

  private ProxyIpParserPlugin plugin(List<String> subnets, String... headers) {
    return new ProxyIpParserPlugin(new ProxyIpParserConfig(subnets, List.of(headers)), name -> log);
  }

  /** The client's address as the application sees it, of a request from 127.0.0.1. */
  private String client(FakeRequest request, String... headers) throws PluginDisabled {
    ProxyIpParserPlugin plugin = plugin(List.of("127.0.0.0/8"), headers);
    plugin.init();
    plugin.wrap((req, res) -> {}).handle(request, new FakeResponse());
    return request.remoteAddress();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Forwarded-For|9.10.11.12, 172.16.0.1|9.10.11.12",
        "X-Forwarded-For|foo.workstation|foo.workstation",
        "X-Forwarded-For|1.2.3.4:567|1.2.3.4",
        "X-Forwarded-For|_hidden|_hidden",
        "Forwarded|by=foo;for=3.11.0.1;host=x|3.11.0.1",
        "Forwarded|For=\"[2001:db8:cafe::17]:4711|2001:db8:cafe::17",
        "Forwarded|for=\"[2001:db8:cafe::17]\"|2001:db8:cafe::17",
        "Forwarded|for=\"192.0.2.43\", for=198.51.100.17|192.0.2.43",
        "Forwarded|for=a\"b\"c|a\"b\"c",
        "Forwarded|foo.workstation|127.0.0.1",
        "X-Real-Ip|10.2.2.2|10.2.2.2",
        "X-Real-Ip|1.2.3.4, 5.6.7.8|1.2.3.4, 5.6.7.8",
        "True-Client-Ip|10.1.1.1|10.1.1.1",
        "cf-connecting-ip|10.1.1.1|10.1.1.1",
        "X-Other|1.1.1.1|127.0.0.1"
      })
  void takesTheAddressThatAHeaderGives(String name, String value, String expected)
      throws Exception {
    assertThat(client(FakeRequest.get("/").header(name, value))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "::1, ::1",
    "2001:0DB8:0:0::0001, 2001:db8::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "1:0:0:0:0:0:0:0, 1::",
    "0:0:0:0:0:0:0:0, ::",
    "::ffff:1.2.3.4, 1.2.3.4",
    "[::1]:80, ::1",
    "[fe80::1%eth0]:80, fe80::1%eth0",
    "[2001:DB8::1], 2001:db8::1"
  })
  void writesIpv6AsEverybodyDoes(String value, String expected) throws Exception {
    assertThat(client(FakeRequest.get("/").header("X-Real-Ip", value))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not:a:valid:thing",
        ":80",
        ":",
        "[::1",
        "::1]",
        "[]:80",
        "[::1]x",
        "[::1]:80:90",
        "fe80::1%0",
        "[a:b]"
      })
  void namesNobodyWhenTheAddressCannotBeRead(String value) throws Exception {
    assertThat(client(FakeRequest.get("/").header("X-Real-Ip", value))).isEmpty();
    assertThat(log.records())
        .containsExactly("WARN remote address parsing failure [address, " + value + "]");
  }

  @Test
  void believesTrustedPeersOnly() throws Exception {
    assertThat(client(FakeRequest.get("/").from("8.8.8.8", 1).header("X-Real-Ip", "9.9.9.9")))
        .isEqualTo("8.8.8.8");
    assertThat(client(FakeRequest.get("/").from("::1", 1).header("X-Real-Ip", "9.9.9.9")))
        .isEqualTo("::1");
  }

  @Test
  void leavesAPeerOnAUnixSocketAsItIs() throws Exception {
    FakeRequest request =
        FakeRequest.get("/")
            .from(UnixDomainSocketAddress.of("rr.sock"))
            .header("X-Real-Ip", "9.9.9.9");

    assertThat(client(request)).isEmpty();
  }

  @Test
  void isOffWithoutSubnets() {
    assertThatExceptionOfType(PluginDisabled.class)
        .isThrownBy(() -> plugin(List.of()).init())
        .withMessage("http.trusted_subnets is empty");
  }

  @Test
  void namesEverySubnetThatIsNone() {
    assertThat(
            FoundProblems.of(
                new ProxyIpParserConfig(List.of("10.0.0.1", "10.0.0.0/8", "host/8"), List.of()),
                "http"))
        .containsExactly(
            "http.trusted_subnets: `10.0.0.1` is not a network such as 10.0.0.0/8 or fd00::/8: the"
                + " length is missing, as in 10.0.0.1/32",
            "http.trusted_subnets: `host/8` is not a network such as 10.0.0.0/8 or fd00::/8:"
                + " Invalid IP address literal: host");
  }

  @Test
  void fallsThroughAHeaderThatGivesNothing() {
    HttpHeaders headers =
        new HttpHeaders().add("Forwarded", "proto=https").add("X-Forwarded-For", "9.9.9.9");

    assertThat(ClientAddress.find(headers, BUILT_IN)).isEqualTo("9.9.9.9");
  }

  @Test
  void looksAtTheFirstLineOfAHeaderAndAtHeadersInTheirOrder() throws Exception {
    assertThat(
            client(
                FakeRequest.get("/")
                    .header("Cf-Connecting-Ip", "5.5.5.5")
                    .header("X-Forwarded-For", "1.1.1.1")
                    .header("X-Forwarded-For", "2.2.2.2")))
        .isEqualTo("1.1.1.1");
  }

  @Test
  void looksOnlyAtConfiguredHeaders() throws Exception {
    FakeRequest request =
        FakeRequest.get("/").header("X-Forwarded-For", "9.9.9.9").header("X-Real-IP", "8.8.8.8");

    assertThat(client(request, " x-custom ", " X-Real-Ip ", "x-real-ip", "")).isEqualTo("8.8.8.8");
    assertThat(new ProxyIpParserConfig(List.of(), List.of("A", "a ", "")).trustedHeaders())
        .containsExactly("a");
    assertThat(new ProxyIpParserConfig(List.of(), List.of("", " ")).trustedHeaders())
        .isEqualTo(BUILT_IN);
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
    "0.0.0.0/0, ::1, false",
    "127.0.0.99/25, 127.0.0.1, true",
    "::ffff:127.0.0.0/104, 127.9.9.9, true",
    "::ffff:127.0.0.0/104, 128.0.0.1, false",
    "::/0, ::1, true"
  })
  void knowsWhoLiesInASubnet(String subnet, String address, boolean inside) {
    assertThat(Subnet.parse(subnet).contains(InetAddress.ofLiteral(address))).isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "10.0.0.0/33",
        "10.0.0.0/x",
        "fd00::/129",
        "host/8",
        "/8",
        "::ffff:1.2.3.4/95"
      })
  void refusesWhatIsNoSubnet(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Subnet.parse(text));
  }
}
