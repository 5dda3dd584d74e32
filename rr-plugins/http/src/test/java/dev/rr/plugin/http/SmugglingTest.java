package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.http.RawClient;
import dev.rr.testing.worker.FakePool;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What two servers could read in two ways, byte for byte. */
@Timeout(60)
class SmugglingTest {
  private static final String GET = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n";

  @ParameterizedTest(name = "{1} for {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "POST / HTTP/1.1~Host: h~Content-Length: 5~Content-Length: 6~~hello|400",
        "POST / HTTP/1.1~Host: h~Content-Length: 5~Content-Length: 05~~hello|400",
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
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~0~bad trailer~~|400",
        // Lengths that are none, or two.
        "POST / HTTP/1.1~Host: h~Content-Length: 5~Content-Length: 05x~~hello|400",
        "POST / HTTP/1.1~Host: h~Content-Length: 5,5~~hello|400",
        "POST / HTTP/1.1~Host: h~Content-Length: 5 5~~hello|400",
        "POST / HTTP/1.1~Host: h~Content-Length: 5;~~hello|400",
        "POST / HTTP/1.1~Host: h~Content-Length: 5.0~~hello|400",
        "POST / HTTP/1.1~Host: h~Content-Length: 1e1~~hello|400",
        "POST / HTTP/1.1~Host: h~Content-Length: -0~~|400",
        "POST / HTTP/1.1~Host: h~Content-Length: 18446744073709551621~~hello|400",
        "POST / HTTP/1.1~Host: h~Content-Length: 0~Transfer-Encoding: chunked~~0~~|400",
        "GET / HTTP/1.1~Host: h~Content-Length: 3~Content-Length: 0~~abc|400",
        // Encodings that another server may read otherwise.
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked, chunked~~0~~|501",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked;q=1~~0~~|501",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: 'chunked'~~0~~|501",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked, identity~~0~~|501",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: identity~~0~~|501",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: identity~Content-Length: 5~~hello|501",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding:~~0~~|501",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: ,chunked~~0~~|501",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chun~ ked~~0~~|501",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding : chunked~~0~~|400",
        "POST / HTTP/1.1~Host: h~Content-Length: 5~ Transfer-Encoding: chunked~~0~~|400",
        // Chunks.
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~+5~hello~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~0x5~hello~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~5h~hello~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~ 5~hello~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~5 5~hello~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~5,a~hello~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~~hello~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~;a=b~hello~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~10000000000000005~hello~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~ffffffffffffffff~hello~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~5~hello0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~4~hello~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~6~hello~0~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~0~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~0~ X: folded~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~0~X : 1~~|400",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~0~: 1~~|400",
        // Request lines.
        "GET /~Host: h~~|400",
        "GET~Host: h~~|400",
        "' GET / HTTP/1.1~Host: h~~'|400",
        "GET / HTTP/1.1 HTTP/1.1~Host: h~~|400",
        "GET / x HTTP/1.1~Host: h~~|400",
        "GET /  HTTP/1.1~Host: h~~|400",
        "GET / HTTP/1.10~Host: h~~|400",
        "GET / HTTP/11~Host: h~~|400",
        "GET / HTTP/1,1~Host: h~~|400",
        "GET / HTTP/0.9~Host: h~~|505",
        "GET / HTTP/3.0~Host: h~~|505",
        "GET / XTTP/1.1~Host: h~~|400",
        "GET http://user@h/ HTTP/1.1~Host: h~~|400",
        "GET http://user:pw@h/ HTTP/1.1~Host: h~~|400",
        "GET http://h{/ HTTP/1.1~Host: h~~|400",
        "GET * HTTP/1.1~Host: h~~|400",
        "GET x?u=http://evil/ HTTP/1.1~Host: h~~|400",
        "GET :8443/go?url=http://example HTTP/1.1~Host: example~~|400",
        "GET h:80 HTTP/1.1~Host: h~~|400",
        "GET ftp://h/ HTTP/1.1~Host: h~~|400",
        "GET http:///x HTTP/1.1~Host: h~~|400",
        "GET http://h#frag/x HTTP/1.1~Host: h~~|400",
        "GET http://h:80a/ HTTP/1.1~Host: h~~|400",
        "CONNECT h:443 HTTP/1.1~Host: h:443~~|501",
        "CONNECT h:443 HTTP/1.0~~|501",
        "CONNECT /x HTTP/1.1~Host: h~~|400",
        "GET /%4 HTTP/1.1~Host: h~~|400",
        // Names and hosts.
        "GET / HTTP/1.1~Host : h~~|400",
        "GET / HTTP/1.1~Host: h~X A: 1~~|400",
        "GET / HTTP/1.1~Host: h~X@A: 1~~|400",
        "GET / HTTP/1.1~Host: h~\u00e9: 1~~|400",
        "GET / HTTP/1.1~Host: h~Host: h~~|400",
        "GET / HTTP/1.1~Host: h i~~|400",
        "GET / HTTP/1.1~Host: h?x~~|400",
        "GET / HTTP/1.1~Host: h#x~~|400",
        "GET / HTTP/1.1~Host: [::1~~|400",
        "GET / HTTP/1.1~Host: ::1~~|400",
        "GET / HTTP/1.1~Host: h:80a~~|400",
        "GET / HTTP/1.1~Host: h:-1~~|400",
        "GET / HTTP/1.1~Host: h:80:81~~|400",
        "GET / HTTP/1.1~Host: %zz~~|400",
        "GET http://h/ HTTP/1.1~Host: h:80:81~~|400",
        "GET / HTTP/1.1~Host: \u00e9~~|400",
        "GET / HTTP/1.1~Host: h~Expect: 100-continue, x~Content-Length: 1~~x|417"
      })
  void refusesAndCloses(String request, int status) throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send(request.replace("~", "\r\n")).send(GET);
      String answer = client.readAll();
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("Connection: close");
      assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
      assertThat(pool.requests()).isEmpty();
    }
  }

  /** One request and no other: it is read as it is meant, and so is what follows it. */
  @ParameterizedTest(name = "{1} from {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "POST / HTTP/1.1~Host: h~Content-Length: 5~Content-Length: 5~~hello|hello",
        "POST / HTTP/1.1~Host: h~Content-Length: 0005~~hello|hello",
        "POST / HTTP/1.1~Host: h~Content-Length:5~~hello|hello",
        "POST / HTTP/1.1~Host: h~Content-Length:   5  ~~hello|hello",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: CHUNKED~~5~hello~0~~|hello",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding:  chunked  ~~5~hello~0~~|hello",
        "GET / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~5~hello~0~~|hello",
        "DELETE / HTTP/1.1~Host: h~Content-Length: 5~~hello|hello",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~005~hello~0000~~|hello",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~A~helloworld~0~~|helloworld",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~5;a;b=c~hello~0;d~~|hello",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~5 ;a='x'~hello~0~~|hello",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~7~0~~X:~0~~|0~~X:",
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~5~hello~0~X-Sum: 1~Y:~~|hello",
        "POST / HTTP/1.2~Host: h~Content-Length: 5~~hello|hello",
        "POST http://other/ HTTP/1.1~Host: h~Content-Length: 5~~hello|hello",
        "POST HTTPS://other HTTP/1.1~Host: h~Content-Length: 5~~hello|hello",
        "POST / HTTP/1.1~Host: [::1]:8080~Content-Length: 5~~hello|hello",
        "POST / HTTP/1.1~Host:~Content-Length: 5~~hello|hello",
        "POST / HTTP/1.1~Host: h~Content-Length: 5~X-Empty:~~hello|hello",
        "POST / HTTP/1.1~Host: h~Content-Length: 5~~hello~|hello",
        "~POST / HTTP/1.1~Host: h~Content-Length: 5~~hello|hello"
      })
  void readsOneRequestAndTheNext(String request, String body) throws Exception {
    FakePool pool = HttpWorkers.echoingBody();
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send(request.replace("~", "\r\n")).send(GET);
      assertThat(client.readAnswer())
          .startsWith("HTTP/1.1 200 ")
          .endsWith("\r\n\r\n" + body.replace("~", "\r\n"));
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
      assertThat(pool.requests()).hasSize(2);
      assertThat(pool.requests().getLast().context()).contains("\"uri\":\"http://h/next\"");
    }
  }

  /** What stands behind a body as trailers is none of PHP's headers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3",
        "Transfer-Encoding: chunked",
        "Host: evil",
        "Authorization: evil",
        "X-Real-Ip: evil",
        "Cookie: evil=1",
        "Trailer: evil"
      })
  void keepsTrailersOutOfTheHeaders(String trailer) throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send(
          "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"
              + trailer
              + "\r\n\r\n");
      assertThat(client.readAnswer())
          .startsWith("HTTP/1.1 200 ")
          .contains("\"uri\":\"http://h/\"", "\"headers\":{}", "\"cookies\":{}")
          .doesNotContain("evil");
      client.send(GET);
      assertThat(client.readAnswer()).contains("http://h/next");
    }
  }

  @Test
  void givesAnAbsoluteTargetPrecedenceOverTheHostHeader() throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingContext());
        RawClient client = new RawClient(server.connect())) {
      client.send("GET http://one/x HTTP/1.1\r\nHost: two\r\n\r\n");
      assertThat(client.readAnswer())
          .contains("\"uri\":\"http://one/x\"")
          .doesNotContain("two", "\"Host\"");
    }
  }

  @ParameterizedTest
  @MethodSource("controls")
  void refusesControlCharactersWhereverTheyStand(char c) throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.start(pool)) {
      for (String request :
          List.of(
              "GET / HTTP/1.1\r\nHost: h\r\nX: a" + c + "b\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: h\r\nX: " + c + "\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: h\r\nX" + c + ": b\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: h\r\n" + c + "X: b\r\n\r\n",
              "GET /" + c + " HTTP/1.1\r\nHost: h\r\n\r\n",
              "GET /?q=" + c + " HTTP/1.1\r\nHost: h\r\n\r\n",
              "GE" + c + "T / HTTP/1.1\r\nHost: h\r\n\r\n",
              "GET" + c + "/ HTTP/1.1\r\nHost: h\r\n\r\n",
              "GET / HTTP/1.1" + c + "\r\nHost: h\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: h" + c + "i\r\n\r\n",
              "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked" + c + "\r\n\r\n0\r\n\r\n",
              "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;a"
                  + c
                  + "\r\nhello\r\n0\r\n\r\n",
              "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: a"
                  + c
                  + "b\r\n\r\n")) {
        try (RawClient client = new RawClient(server.connect())) {
          client.send(request).send(GET);
          String answer = client.readAll();
          assertThat(answer).as(request).matches("(?s)HTTP/1.1 (400|501) .*");
          assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
        }
      }
      assertThat(pool.requests()).isEmpty();
    }
  }

  /** All but the tab, which may stand in values. */
  static Stream<Character> controls() {
    return IntStream.concat(IntStream.range(0, 0x20), IntStream.of(0x7f))
        .filter(c -> c != '\t')
        .mapToObj(c -> (char) c);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\nY: b\r\n\r\n",
        "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\n",
        "POST / HTTP/1.1\r\n"
            + "Host: h\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "5;a\n"
            + "b\r\n"
            + "hello\r\n"
            + "0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: a\nY: b\r\n\r\n"
      })
  void refusesALineFeedAlone(String request) throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send(request).send(GET);
      String answer = client.readAll();
      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("Connection: close");
      assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void executesNothingBehindABadRequestButWhatStoodBeforeIt() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client
          .send(GET)
          .send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx")
          .send(GET)
          .send(GET);
      String answers = client.readAll();
      assertThat(answers).startsWith("HTTP/1.1 200 ").contains("HTTP/1.1 400 ");
      assertThat(answers.split("HTTP/1.1 [245]", -1)).hasSize(3);
      assertThat(pool.requests()).hasSize(1);
    }
  }

  @Test
  void refusesMoreThanAThousandFields() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n" + "X: 1\r\n".repeat(1000) + "\r\n").send(GET);
      assertThat(client.readAll()).startsWith("HTTP/1.1 431 ").contains("Connection: close");
      assertThat(pool.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GARBAGE\r\n",
        "GET /\r\n",
        "GET / HTTP/1.1 x\r\n",
        "GET / HTTP/1.1\r\r\n",
        "G@T / HTTP/1.1\r\n",
        "GET / FTP/1.1\r\nHost: h\r\n",
        "\r\nGARBAGE\r\n",
        "\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nno header\r\n",
        "GET / HTTP/1.1\r\nHost : h\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n folded\r\nX: half of it",
        "GET / HTTP/1.1\r\nX: a\u0001b\r\n",
        "GET / HTTP/1.1\r\nContent-Length: x\r\n",
      })
  void answersWhatBeginsAsNoRequestAtOnce(String begun) throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send(begun);
      assertThat(client.readAll()).startsWith("HTTP/1.1 400 ");
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void looksAtTheLinesOfAHeadThatComesInPieces() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send("GET /pieces HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-");
      client.send("B: 2\r\n");
      client.send("X-C: 3\r\n\r\n");
      assertThat(client.readAnswer()).contains("http://h/pieces", "\"X-C\":[\"3\"]");
      client.send("GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n");
      client.send("no header\r\n");
      assertThat(client.readAll()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void readsAnEmptyLineBeforeAHeadInHalves() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n\r");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
      client.send("\n" + GET);
      assertThat(client.readAnswer()).contains("http://h/next");
    }
  }

  @Test
  void handsOverEqualLengthsAsOne() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.start(pool);
        RawClient client = new RawClient(server.connect())) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi");
      assertThat(client.readAnswer()).contains("\"Content-Length\":[\"2\"]");
    }
  }

  @Test
  void refusesAChunkExtensionAndTrailersWithoutEnd() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    String head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    try (TestServer server = TestServer.start(pool)) {
      for (String body :
          List.of(
              "5;" + "x".repeat(70_000),
              "0\r\n" + ("X: " + "y".repeat(100) + "\r\n").repeat(700))) {
        try (RawClient client = new RawClient(server.connect())) {
          client.send(head + body);
          assertThat(client.readAnswer()).startsWith("HTTP/1.1 400 ");
        }
      }
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void refusesAHeadOverOneMebibyte() throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingContext());
        RawClient client = new RawClient(server.connect())) {
      String line = "X-Fill: " + "a".repeat(8000) + "\r\n";
      client.send("GET / HTTP/1.1\r\nHost: h\r\n" + line.repeat(135) + "\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 431 ");
    }
  }

  @Test
  void answersASlowHeadWith408() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    // Counted from the connection on, so it is as long as it may take to send the first byte.
    Duration header = Duration.ofMillis(500);
    Duration other = Duration.ZERO;
    try (TestServer server = TestServer.with(pool).timeouts(header, other, other, other).start();
        RawClient client = new RawClient(server.connect())) {
      client.send("GET / HT");
      assertThat(client.readAll()).startsWith("HTTP/1.1 408 ");
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void answersASlowBodyWith408() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    Duration read = Duration.ofMillis(200);
    Duration other = Duration.ZERO;
    try (TestServer server = TestServer.with(pool).timeouts(other, read, other, other).start();
        RawClient client = new RawClient(server.connect())) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhel");
      assertThat(client.readAll()).startsWith("HTTP/1.1 408 ");
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void closesAnIdleConnection() throws Exception {
    Duration quick = Duration.ofMillis(200);
    Duration slow = Duration.ofMinutes(1);
    try (TestServer server =
            TestServer.with(HttpWorkers.echoingContext())
                .timeouts(slow, slow, slow, quick)
                .start();
        RawClient client = new RawClient(server.connect())) {
      client.send(GET);
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
      assertThat(client.closes()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\r\n",
        "GET / HTTP/1.1",
        "GET / HTTP/1.1\r\nHost: h\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhel",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: 1\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 10\r\n\r\na=1",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=X\r\n"
            + "Content-Length: 100\r\n\r\n--X\r\n"
      })
  void aClientThatLeavesBeforeItsRequestIsCompleteReachesNoWorker(String begun) throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.start(pool)) {
      try (RawClient half = new RawClient(server.connect())) {
        half.send(begun).socket().shutdownOutput();
        // An answer, if there is one, tells that the request was bad.
        assertThat(half.readAll()).matches("(?s)(HTTP/1.1 400 .*)?");
      }
      try (RawClient client = new RawClient(server.connect())) {
        client.send(begun);
      }
      try (RawClient client = new RawClient(server.connect())) {
        client.send(begun);
        // A reset instead of an end.
        client.socket().setSoLinger(true, 0);
      }
      try (RawClient client = new RawClient(server.connect())) {
        client.send(GET);
        assertThat(client.readAnswer()).contains("/next");
      }
      assertThat(pool.requests()).hasSize(1);
    }
  }
}
