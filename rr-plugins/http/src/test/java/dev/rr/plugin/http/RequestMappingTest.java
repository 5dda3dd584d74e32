package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.http.RawClient;
import dev.rr.testing.worker.FakePool;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RequestMappingTest {
  private static String exchange(String request) throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingContext());
        RawClient client = new RawClient(server.connect())) {
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
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingContext()).address("[::1]:0").start();
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
    int port = dev.rr.testing.server.TestServer.freePort();
    try (TestServer server =
        TestServer.with(HttpWorkers.echoingContext()).address("localhost:" + port).start()) {
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
      FakePool pool = HttpWorkers.echoingContext();
      try (TestServer server = TestServer.start(pool);
          RawClient client = new RawClient(server.connect())) {
        client.send(
            method
                + " / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(client.readAll()).startsWith("HTTP/1.1 200 ");
        assertThat(pool.requests()).hasSize(1).allMatch(r -> r.body().length == 0);
      }
    }
  }

  @Test
  void keepsAConnectionWhoseRefusedBodyIsNearlyRead() throws Exception {
    FakePool pool = HttpWorkers.echoingBody();
    try (TestServer server = TestServer.with(pool).maxRequestSize(1).start();
        RawClient client = new RawClient(server.connect())) {
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
}
