package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What two servers could read in two ways, byte for byte. */
class SmugglingTest {
  private static final String GET = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n";

  @ParameterizedTest(name = "{1} for {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "POST / HTTP/1.1~Host: h~Content-Length: 5~Content-Length: 6~~hello|400",
        "POST / HTTP/1.1~Host: h~Content-Length: 5~Transfer-Encoding: chunked~~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~Content-Length: 5~~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: gzip, chunked~~0~~|501",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~Transfer-Encoding: chunked~~0~~|501",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: xchunked~~0~~|501",
        "POST / HTTP/1.0~Host: h~Transfer-Encoding: chunked~~0~~|400",
        "POST / HTTP/1.1~Host: h~Content-Length: +5~~hello|400",
        "POST / HTTP/1.1~Host: h~Content-Length: 5, 5~~hello|400",
        "POST / HTTP/1.1~Host: h~Content-Length: 0x5~~hello|400",
        "POST / HTTP/1.1~Host: h~Content-Length: -1~~|400",
        "POST / HTTP/1.1~Host: h~Content-Length:~~|400",
        "POST / HTTP/1.1~Host: h~Content-Length : 5~~hello|400",
        "GET / HTTP/1.1~Host: h~X-A: 1~ folded~~|400",
        "GET / HTTP/1.1~ X-A: 1~Host: h~~|400",
        "GET / HTTP/1.1~Host: h~NoColon~~|400",
        "GET / HTTP/1.1~Host: h~: empty~~|400",
        "GET / HTTP/1.1~Host: h~X[A]: 1~~|400",
        "GET / HTTP/1.1~~|400",
        "GET / HTTP/1.1~Host: a~Host: b~~|400",
        "GET / HTTP/1.1~Host: user@h~~|400",
        "GET / HTTP/1.1~Host: h/x~~|400",
        "GET / HTTP/2.0~Host: h~~|505",
        "GET / HTTP/1.1 ~Host: h~~|400",
        "GET / http/1.1~Host: h~~|400",
        "GET  / HTTP/1.1~Host: h~~|400",
        "G@T / HTTP/1.1~Host: h~~|400",
        "GET x HTTP/1.1~Host: h~~|400",
        "GET /%zz HTTP/1.1~Host: h~~|400",
        "GET /~Host: h~~|400",
        "POST / HTTP/1.1~Host: h~Expect: something~Content-Length: 1~~x|417",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~xyz~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~5~helloX|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~-1~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~ffffffffffffffffff~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~0~bad trailer~~|400"
      })
  void refusesAndCloses(String request, int status) throws Exception {
    FakePool pool = FakePool.echoingContext();
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server)) {
      client.send(request.replace("~", "\r\n")).send(GET);
      String answer = client.readAll();
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("Connection: close");
      assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
      assertThat(pool.requests).isEmpty();
    }
  }

  @Test
  void refusesABareLineFeed() throws Exception {
    FakePool pool = FakePool.echoingContext();
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server)) {
      client.send("GET / HTTP/1.1\nHost: h\n\n");
      assertThat(client.readAll()).startsWith("HTTP/1.1 400 ");
      assertThat(pool.requests).isEmpty();
    }
  }

  @Test
  void refusesAControlCharacterInAValue() throws Exception {
    try (TestServer server = TestServer.start(FakePool.echoingContext());
        RawClient client = new RawClient(server)) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n");
      assertThat(client.readAll()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void refusesAHeadOverOneMebibyte() throws Exception {
    try (TestServer server = TestServer.start(FakePool.echoingContext());
        RawClient client = new RawClient(server)) {
      String line = "X-Fill: " + "a".repeat(8000) + "\r\n";
      client.send("GET / HTTP/1.1\r\nHost: h\r\n" + line.repeat(135) + "\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 431 ");
    }
  }

  @Test
  void takesEqualLengthsTwice() throws Exception {
    try (TestServer server = TestServer.start(FakePool.echoingBody());
        RawClient client = new RawClient(server)) {
      client.send(
          "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("hello");
    }
  }

  @Test
  void answersASlowHeadWith408() throws Exception {
    FakePool pool = FakePool.echoingContext();
    Duration quick = Duration.ofMillis(200);
    try (TestServer server = TestServer.with(pool).timeouts(quick, quick, quick, quick).start();
        RawClient client = new RawClient(server)) {
      client.send("GET / HT");
      assertThat(client.readAll()).startsWith("HTTP/1.1 408 ");
      assertThat(pool.requests).isEmpty();
    }
  }

  @Test
  void answersASlowBodyWith408() throws Exception {
    FakePool pool = FakePool.echoingContext();
    Duration quick = Duration.ofMillis(200);
    try (TestServer server = TestServer.with(pool).timeouts(quick, quick, quick, quick).start();
        RawClient client = new RawClient(server)) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhel");
      assertThat(client.readAll()).startsWith("HTTP/1.1 408 ");
      assertThat(pool.requests).isEmpty();
    }
  }

  @Test
  void closesAnIdleConnection() throws Exception {
    Duration quick = Duration.ofMillis(200);
    Duration slow = Duration.ofMinutes(1);
    try (TestServer server =
            TestServer.with(FakePool.echoingContext()).timeouts(slow, slow, slow, quick).start();
        RawClient client = new RawClient(server)) {
      client.send(GET);
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
      assertThat(client.closes()).isTrue();
    }
  }

  @Test
  void aClientThatLeavesInTheMiddleOfABodyReachesNoWorker() throws Exception {
    FakePool pool = FakePool.echoingContext();
    try (TestServer server = TestServer.start(pool)) {
      try (RawClient client = new RawClient(server)) {
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhel");
      }
      try (RawClient client = new RawClient(server)) {
        client.send(GET);
        assertThat(client.readAnswer()).contains("/next");
      }
      assertThat(pool.requests).hasSize(1);
    }
  }
}
