package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.http.FakeRequest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class RequestMappingTest {
  private static String exchange(String request) throws Exception {
    try (TestServer server = TestServer.start(FakePool.echoingContext());
        RawClient client = new RawClient(server)) {
      return client.send(request.replace("~", "\r\n") + "\r\n\r\n").readAnswer();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/a?b=c http://h/a?b=c",
        "/ http://h/",
        "/a#frag http://h/a%23frag",
        "/a?x#y http://h/a?x#y",
        "/%0D%0A http://h/%0D%0A",
        "/a%2Fb http://h/a%2Fb",
        "/é http://h/%E9",
        "/[x]|{y} http://h/[x]%7C%7By%7D",
        "http://other/p?q http://other/p?q",
        "HTTPS://Other:81?q https://Other:81?q",
        "/?q=é http://h/?q=%E9"
      })
  void givesAnAbsoluteUri(String target, String uri) throws Exception {
    assertThat(exchange("GET " + target + " HTTP/1.1~Host: h")).contains("\"uri\":\"" + uri + "\"");
  }

  @Test
  void handsOverWhatPhpExpects() throws Exception {
    String answer =
        exchange(
            "GET /x HTTP/1.1~Host: h~x-real-ip: 1~X-REAL-IP: 2~Cookie: a=b%20c; d=e; bad=%zz~"
                + "Cookie: q=\"z\"; d=f");
    assertThat(answer)
        .contains("{\"remoteAddr\":\"127.0.0.1\",\"protocol\":\"HTTP/1.1\",\"method\":\"GET\"")
        .contains("\"X-Real-Ip\":[\"1\",\"2\"]")
        .contains("\"cookies\":{\"a\":\"b c\",\"d\":\"f\",\"q\":\"z\"}")
        .contains("\"rawQuery\":\"\",\"parsed\":false,\"uploads\":null,\"attributes\":{}}")
        .doesNotContain("\"Host\"");
  }

  @Test
  void tellsTheAddressOfAClientOverIpv6() throws Exception {
    try (TestServer server = TestServer.with(FakePool.echoingContext()).address("[::1]:0").start();
        Socket socket = new Socket("::1", server.port())) {
      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("\"remoteAddr\":\"::1\"", "\"uri\":\"http://[::1]:80/\"");
    }
  }

  @Test
  void listensOnEveryAddressOfLocalhost() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (TestServer server =
        TestServer.with(FakePool.echoingContext()).address("localhost:" + port).start()) {
      for (InetAddress address : InetAddress.getAllByName("localhost")) {
        try (Socket socket = new Socket(address, port)) {
          assertThat(socket.isConnected()).isTrue();
        }
      }
      assertThat(server.plugin().bound()).isNotEmpty();
    }
  }

  @Test
  void handsOverTheAnnouncementOfTrailersUnlessTheBodyIsChunked() throws Exception {
    assertThat(exchange("GET / HTTP/1.1~Host: h~Trailer: X-T")).contains("\"Trailer\":[\"X-T\"]");
    assertThat(
            exchange("POST / HTTP/1.1~Host: h~Trailer: X-T~Transfer-Encoding: chunked~~0~X-T: 1"))
        .contains("\"headers\":{}");
  }

  @Test
  void readsNoBodyOfHeadAndOptions() throws Exception {
    for (String method : List.of("HEAD", "OPTIONS")) {
      FakePool pool = FakePool.echoingContext();
      try (TestServer server = TestServer.start(pool);
          RawClient client = new RawClient(server)) {
        client.send(
            method
                + " / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(client.readAll()).startsWith("HTTP/1.1 200 ");
        assertThat(pool.requests).hasSize(1).allMatch(r -> r.body().length == 0);
      }
    }
  }

  @Test
  void keepsAConnectionWhoseRefusedBodyIsNearlyRead() throws Exception {
    FakePool pool = FakePool.echoingBody();
    try (TestServer server = TestServer.with(pool).maxRequestSize(1).start();
        RawClient client = new RawClient(server)) {
      String body = "x".repeat(1024 * 1024 + 10);
      client.send(
          "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
              + Integer.toHexString(body.length())
              + "\r\n"
              + body
              + "\r\n0\r\n\r\n");
      assertThat(client.readAnswer())
          .startsWith("HTTP/1.1 413 ")
          .doesNotContain("Connection: close");
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("ok");
    }
  }

  @Test
  void keepsHeaderValuesReadable() throws Exception {
    // Valid UTF-8 stays what it is; other bytes are taken for ISO-8859-1.
    assertThat(exchange("GET / HTTP/1.1~Host: h~X-U: \u00c3\u00a4~X-L: \u00e4~X-Q: a\"b\\c\td"))
        .contains("\"X-U\":[\"\u00c3\u00a4\"]")
        .contains("\"X-L\":[\"\u00c3\u00a4\"]")
        .contains("\"X-Q\":[\"a\\\"b\\\\c\\td\"]");
  }

  @Test
  void writesTheProtobufVector() {
    FakeRequest request = FakeRequest.get("/").header("X-A", "1").header("X-A", "2");
    request.headers().set("Host", "h");
    ByteWriter out = new ByteWriter(64);
    new ProtoContext().write(out, request, false, new byte[0]);
    assertThat(HexFormat.of().formatHex(out.toByteArray()))
        .isEqualTo(
            ("0a09 3132372e302e302e31 1208 485454502f312e31 1a03 474554 2209 687474703a2f2f682f"
                    + "2a0d 0a03582d41 1206 0a0131 0a0132")
                .replace(" ", ""));
  }

  @Test
  void readsTheProtobufVector() {
    Answer.Builder builder = new Answer.Builder();
    byte[] bytes = HexFormat.of().parseHex("08c80112080a014112030a0162");
    ProtoReader.response(bytes, builder);
    Answer answer = Answer.decode(0x80, java.nio.ByteBuffer.wrap(bytes));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().all("A")).containsExactly("b");
  }

  @Test
  void readsJsonAnswersOfEveryShape() {
    Answer answer =
        Answer.decode(
            0,
            FakePool.bytes(
                " {\"headers\" : {\"x-a\":[\"1\",\"\\u20ac\\n\"], \"N\":[7], \"S\":\"s\","
                    + " \"E\":[]},\"more\":{\"a\":[1,{\"b\":null}]},\"status\": 201 } "));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.headers().all("X-A")).containsExactly("1", "\u00e2\u0082\u00ac\n");
    assertThat(answer.headers().get("N")).isEqualTo("7");
    assertThat(answer.headers().get("S")).isEqualTo("s");
    assertThat(Answer.decode(8, FakePool.bytes("{\"status\":200,\"headers\":[]}")).headers().size())
        .isZero();
  }

  @Test
  void handsOverAttributes() {
    FakeRequest request = FakeRequest.get("/");
    request.attributes().put("a", List.of("1", "2"));
    ByteWriter out = new ByteWriter(64);
    new JsonContext().write(out, request, true, "{}".getBytes(StandardCharsets.UTF_8));
    assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8))
        .endsWith("\"parsed\":true,\"uploads\":{},\"attributes\":{\"a\":[\"1\",\"2\"]}}");
  }

  @Test
  void leavesOutCookiesOfACrowd() {
    assertThat(Cookies.parse(List.of("a=1;".repeat(3001)))).isEmpty();
    assertThat(Cookies.parse(List.of("a = b; c; =d; e=x\"y; f=\"g\"")))
        .isEqualTo(Map.of("a", " b", "c", "", "f", "g"));
  }
}
