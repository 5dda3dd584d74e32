package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.http.HttpFault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {
  @ParameterizedTest
  @CsvSource({
    "GET,/a?u=http://evil/,h",
    "GET,//evil/,h",
    "OPTIONS,*,h",
    "GET,http://other/x,other",
    "GET,https://other,other",
    "GET,HTTP://Other:81?a=b,Other:81",
    "GET,http://[::1]:80/,[::1]:80",
    "GET,http://other/?u=http://evil/,other",
  })
  void tellsWhichHostIsAskedFor(String method, String target, String host) throws Exception {
    assertThat(Targets.host(method, target, "h")).isEqualTo(host);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,x",
    "GET,x?u=http://evil/",
    "GET,:8443/go?url=http://example",
    "GET,.com/login?next=http://ok",
    "GET,*",
    "GET,h:80",
    "GET,?a",
    "GET,http:/x",
    "GET,http:///x",
    "GET,http://:80/x",
    "GET,http://?x",
    "GET,http://",
    "GET,ftp://h/x",
    "GET,file:///etc/passwd",
    "GET,javascript://h/x",
    "GET,xhttp://h/",
    "GET,http://a@h/",
    "GET,http://h#frag/x",
    "GET,http://h:80a/",
    "GET,http://h:-1/",
    "GET,http://h:80:81/",
    "GET,http://h:65536/",
    "GET,http://%zz/",
    "GET,http://[::1/",
    "GET,http://::1/",
    "GET,http://h/%zz",
    "CONNECT,/x",
    "CONNECT,http://h/",
  })
  void refusesWhatIsNoTarget(String method, String target) {
    assertThatThrownBy(() -> Targets.host(method, target, "h"))
        .isInstanceOfSatisfying(HttpFault.class, f -> assertThat(f.status()).isEqualTo(400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "http://h/", "http://h/x?y", ".com/?u=http://ok", "*", "?a", "h:1"})
  void takesNothingButPathsWhereTheAuthorityHasItsOwnField(String path) {
    assertThatThrownBy(() -> Targets.framed("GET", path, "h"))
        .isInstanceOfSatisfying(HttpFault.class, f -> assertThat(f.status()).isEqualTo(400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"h:443", "[::1]:443", "h"})
  void isNoProxy(String target) {
    assertThatThrownBy(() -> Targets.host("CONNECT", target, "h"))
        .isInstanceOfSatisfying(HttpFault.class, f -> assertThat(f.status()).isEqualTo(501));
    assertThatThrownBy(() -> Targets.framed("CONNECT", target, target))
        .isInstanceOfSatisfying(HttpFault.class, f -> assertThat(f.status()).isEqualTo(501));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h",
        "H.example.",
        "h:",
        "h:0",
        "h:80",
        "h:65535",
        "a_b-c~1",
        "%41%c3%a9",
        "1.2.3.4:80",
        "[::1]",
        "[::1]:80",
        "[fe80::1:2]",
        "[fe80::1%25eth0]",
        "[fe80::1%lo]:80",
        "[::ffff:1.2.3.4]:443",
        "a!b$c&d'e(f)*+,;=g",
      })
  void takesHosts(String host) {
    assertThat(Targets.isHost(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":80",
        ":",
        "h:80a",
        "h:+80",
        "h:-1",
        "h:80:81",
        "h::80",
        "h:65536",
        "h:99999999999",
        "h: 80",
        "::1",
        "[::1",
        "::1]",
        "[]",
        "[1.2.3.4]",
        "[h]",
        "[::1]80",
        "[::1]x:80",
        "[::1]:80a",
        "[[::1]]",
        "[fe80::1%]",
        "[fe80::1%25eth0/]",
        "[%25eth0]",
        "[:::1]",
        "h[::1]",
        "%zz",
        "%4",
        "%",
        "a@h",
        "h/x",
        "h?x",
        "h#x",
        "h x",
        "h\\x",
        "h<x",
        "h\t",
        "h\u00e9",
        "h\u0000",
      })
  void refusesWhatIsNoHost(String host) {
    assertThat(Targets.isHost(host)).isFalse();
  }
}
