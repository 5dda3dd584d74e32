package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.http.HttpFault;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramedHeadTest {
  private static final String TUNNEL =
      ":method CONNECT|:scheme https|:path /chat|:authority h.example";
  private static final String GET = ":method GET|:scheme https|:path /";

  /** Fields written as {@code name value|name value}; \r, \n and \0 are spelled out. */
  private static List<Map.Entry<CharSequence, CharSequence>> fields(String text) {
    List<Map.Entry<CharSequence, CharSequence>> list = new ArrayList<>();
    for (String field : text.split("\\|", -1)) {
      int blank = field.indexOf(' ');
      String value = field.substring(blank + 1);
      value = value.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
      list.add(Map.entry(field.substring(0, blank), value));
    }
    return list;
  }

  @Test
  void readsPseudoHeadersAndSpellsNamesAsPhpKnowsThem() throws Exception {
    FramedHead head =
        FramedHead.request(
            fields(
                ":method POST|:scheme https|:path /a?b=c|:authority h.example:8443"
                    + "|x-real-ip 192.0.2.1|cookie a=1|te trailers|cookie b=2"
                    + "|content-length 12|content-length 12|host other"));

    assertThat(head.method()).isEqualTo("POST");
    assertThat(head.target()).isEqualTo("/a?b=c");
    assertThat(head.host()).isEqualTo("h.example:8443");
    assertThat(head.length()).isEqualTo(12);
    assertThat(head.headers().toString().lines())
        .containsExactly(
            "X-Real-Ip: 192.0.2.1",
            "Te: trailers",
            "Content-Length: 12",
            "Host: h.example:8443",
            "Cookie: a=1; b=2");
    head.check();
  }

  @Test
  void takesTheHostHeaderWhereThereIsNoAuthority() throws Exception {
    FramedHead head = FramedHead.request(fields(GET + "|host h"));

    assertThat(head.host()).isEqualTo("h");
    assertThat(head.length()).isEqualTo(-1);
    assertThat(FramedHead.request(fields(":method CONNECT|:authority h:1")).target())
        .isEqualTo("h:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":scheme https|:path /",
        ":method GET|:path /",
        ":method GET|:scheme https",
        ":method G T|:scheme https|:path /",
        ":method GET|:scheme https|:path ",
        ":method GET|:scheme ftp|:path /",
        ":method GET|:scheme http://x|:path /",
        ":method CONNECT|:scheme https|:path /|:authority h",
        ":method CONNECT",
        GET + "|:path /",
        GET + "|:status 200",
        GET + "|:protocol websocket",
        GET + "|x-a b|:authority h",
        GET + "|X-A b",
        GET + "| b",
        GET + "|x\u00e9 b",
        GET + "|x:a b",
        GET + "|x-a b\\r\\nX-B: c",
        GET + "|x-a b\\0",
        ":method GET|:scheme https|:path /\\n",
        GET + "|connection close",
        GET + "|keep-alive 1",
        GET + "|proxy-connection close",
        GET + "|transfer-encoding chunked",
        GET + "|upgrade h2c",
        GET + "|te gzip",
        GET + "|host a|host b",
        GET + "|content-length 1|content-length 2",
        GET + "|content-length -1",
        GET + "|content-length 1, 1",
      })
  void refusesWhatTheProtocolsCallMalformed(String text) {
    assertThatThrownBy(() -> FramedHead.request(fields(text)))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void readsAskingForAnotherProtocolAsHttp1HasIt() throws Exception {
    FramedHead head =
        FramedHead.requestOrTunnel(fields(TUNNEL + "|:protocol websocket|cookie a=1"));

    assertThat(head.tunnel()).isTrue();
    assertThat(head.method()).isEqualTo("GET");
    assertThat(head.target()).isEqualTo("/chat");
    assertThat(head.length()).isEqualTo(-1);
    assertThat(head.headers().toString().lines())
        .containsExactly(
            "Cookie: a=1", "Connection: Upgrade", "Upgrade: websocket", "Host: h.example");
    head.check();
    assertThat(FramedHead.requestOrTunnel(fields(GET)).tunnel()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TUNNEL,
        TUNNEL + "|:protocol ",
        TUNNEL + "|:protocol a b",
        TUNNEL + "|:protocol a|:protocol a",
        TUNNEL + "|:protocol a|content-length 1",
        TUNNEL + "|:protocol a|upgrade a",
        TUNNEL + "|x-a b|:protocol a",
        GET + "|:protocol a",
        ":method CONNECT|:authority h|:protocol a",
        ":method CONNECT|:scheme https|:path /|:protocol a",
      })
  void refusesToAskForAnotherProtocolInAnyOtherWay(String text) {
    assertThatThrownBy(() -> FramedHead.requestOrTunnel(fields(text)))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void takesNoPseudoHeadersBehindTheBody() throws Exception {
    assertThat(FramedHead.trailers(fields("x-sum 9")).get("X-Sum")).isEqualTo("9");
    assertThatThrownBy(() -> FramedHead.trailers(fields("x-sum 9|:path /")))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> FramedHead.trailers(fields(":path /")))
        .isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":method GET|:scheme https|:path no-slash",
        ":method GET|:scheme https|:path /%zz",
        ":method GET|:scheme https|:path https://h/",
        ":method GET|:scheme https|:authority victim|:path .com/login?next=http://ok",
        ":method GET|:scheme https|:path *",
        GET + "|host h:80:81",
        GET + "|host [::1",
        GET + "|host a@b",
        GET + "|host a b",
      })
  void answersATargetThatIsNone(String text) throws Exception {
    FramedHead head = FramedHead.request(fields(text));

    assertThatThrownBy(head::check)
        .isInstanceOfSatisfying(HttpFault.class, f -> assertThat(f.status()).isEqualTo(400));
  }

  @Test
  void answersMoreFieldsThanAnybodySends() throws Exception {
    FramedHead head = FramedHead.request(fields(GET + "|x a".repeat(1001)));

    assertThatThrownBy(head::check)
        .isInstanceOfSatisfying(HttpFault.class, f -> assertThat(f.status()).isEqualTo(431));
  }
}
