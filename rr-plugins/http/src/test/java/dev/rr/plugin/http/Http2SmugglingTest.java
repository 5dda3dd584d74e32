package dev.rr.plugin.http;

import static dev.rr.plugin.http.FrameClient.DATA;
import static dev.rr.plugin.http.FrameClient.END_HEADERS;
import static dev.rr.plugin.http.FrameClient.END_STREAM;
import static dev.rr.plugin.http.FrameClient.GOAWAY;
import static dev.rr.plugin.http.FrameClient.HEADERS;
import static dev.rr.plugin.http.FrameClient.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.FakePool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What would be two requests, or another one, once a server had rewritten it as HTTP/1. */
@Timeout(60)
class Http2SmugglingTest {
  private static final byte[] NEXT =
      FrameClient.fields(":method", "GET", ":scheme", "http", ":path", "/next", ":authority", "h");

  /** {@code name=value} lines, with {@code ~} for CR LF and {@code ^} for NUL. */
  private static byte[] block(String lines) {
    List<String> all = new ArrayList<>();
    for (String line : lines.split(" & ", -1)) {
      int at = line.indexOf('=');
      all.add(written(line.substring(0, at)));
      all.add(written(line.substring(at + 1)));
    }
    return FrameClient.fields(all.toArray(String[]::new));
  }

  private static String written(String text) {
    return text.replace("~", "\r\n").replace('^', '\0');
  }

  /** Sends a head and perhaps a body on stream 1; how it was refused, or its answer's head. */
  private static String outcome(TestServer server, byte[] head, String body) throws Exception {
    try (FrameClient client = new FrameClient(server)) {
      int end = body.isEmpty() ? END_STREAM : 0;
      client.frame(HEADERS, END_HEADERS | end, 1, head);
      if (!body.isEmpty()) {
        client.frame(DATA, END_STREAM, 1, body.getBytes(StandardCharsets.ISO_8859_1));
      }
      client.send();
      FrameClient.Frame got =
          client.readUntil(f ->
              f.type() == GOAWAY
                  || f.stream() == 1 && (f.type() == RST_STREAM || f.type() == HEADERS));
      return switch (got.type()) {
        case GOAWAY -> "goaway " + got.code();
        case RST_STREAM -> {
          if (body.isEmpty()) {
            // Only the stream was bad: the connection lives on.
            client.frame(HEADERS, END_HEADERS | END_STREAM, 3, NEXT).send();
            client.readUntil(f -> f.ends(3));
          }
          yield "reset " + got.code();
        }
        default -> status(got);
      };
    }
  }

  /** The status of a head: an index of HPACK's table, or text. */
  private static String status(FrameClient.Frame head) {
    int first = head.payload()[0] & 0xff;
    int[] known = {200, 204, 206, 304, 400, 404, 500};
    return first >= 0x88 && first <= 0x8e
        ? "" + known[first - 0x88]
        : head.text().replaceAll("(?s).*?([1-5][0-9][0-9]).*", "$1");
  }

  private static final String GET = ":method=GET & :scheme=http & :path=/ & :authority=h";
  private static final String POST = ":method=POST & :scheme=http & :path=/ & :authority=h";

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        // Bodies whose length is not the one they announce.
        "POST & content-length=4|hello",
        "POST & content-length=6|hello",
        "POST & content-length=5|",
        "POST & content-length=5 & content-length=6|hello",
        "POST & content-length=+5|hello",
        "POST & content-length=-5|hello",
        "POST & content-length=x|hello",
        "POST & content-length=|hello",
        // What belongs to HTTP/1's connections alone.
        "POST & transfer-encoding=chunked|0~~",
        "POST & te=gzip|hello",
        "POST & te=trailers, chunked|hello",
        "GET & connection=close|",
        "GET & connection=content-length|",
        "GET & keep-alive=1|",
        "GET & proxy-connection=close|",
        "GET & upgrade=h2c|",
        // Names and values.
        "GET & X-Upper=1|",
        "GET & Content-Length=0|",
        "GET & x y=1|",
        "GET & x~y: 1~z=1|",
        "GET & x:y=1|",
        "GET & x^=1|",
        "GET & \u00e9=1|",
        "GET & =1|",
        "GET & x=a~y: b|",
        "GET & x=a~~GET /evil HTTP/1.1~Host: h~~|",
        "GET & x=a^b|",
        "GET & cookie=a~b|",
        "GET & x= a|",
        // Pseudo headers.
        "GET & :path=/twice|",
        "GET & :method=POST|",
        "GET & :authority=twice|",
        "GET & :scheme=https|",
        "GET & :status=200|",
        "GET & :evil=1|",
        "GET & :protocol=websocket|",
        "GET & x=1 & :path=/late|",
        ":method=GET & :scheme=http & :authority=h|",
        ":method=GET & :scheme=http & :path=/|",
        ":method=GET & :path=/ & :authority=h|",
        ":scheme=http & :path=/ & :authority=h|",
        ":method=GET & :scheme=http & :path= & :authority=h|",
        ":method=GET & x=1 & :scheme=http & :path=/ & :authority=h|",
        ":method=G T & :scheme=http & :path=/ & :authority=h|",
        ":method=GET / HTTP/1.1~Host: x~~GET & :scheme=http & :path=/ & :authority=h|",
        ":method= & :scheme=http & :path=/ & :authority=h|",
        ":method=GET & :scheme=http & :path=x & :authority=h|",
        ":method=GET & :scheme=http & :path=* & :authority=h|",
        ":method=GET & :scheme=http & :path=.com/?next=http://ok & :authority=victim|",
        ":method=GET & :scheme=http & :path=http://h/ & :authority=h|",
        ":method=GET & :scheme=http & :path=/ & :authority=h:80a|",
        ":method=GET & :scheme=http & :path=/ & :authority=[::1|",
        ":method=GET & :scheme=http & :path=/ & host=h:80:81|",
        ":method=GET & :scheme=http & :path=/ HTTP/1.1~X: y & :authority=h|",
        ":method=GET & :scheme=http & :path=/a b & :authority=h|",
        ":method=GET & :scheme=http & :path=/?a b & :authority=h|",
        ":method=GET & :scheme=http & :path=/?a~b & :authority=h|",
        ":method=GET & :scheme=http & :path=/^ & :authority=h|",
        ":method=GET & :scheme=http & :path=/%zz & :authority=h|",
        ":method=GET & :scheme=http & :path=/ & :authority=user@h|",
        ":method=GET & :scheme=http & :path=/ & :authority=h/x|",
        ":method=GET & :scheme=http & :path=/ & :authority=h~X: y|",
        ":method=GET & :scheme=http & :path=/ & :authority=h i|",
        ":method=GET & :scheme=http & :path=/ & host=a & host=b|",
        ":method=GET & :scheme=http & :path=/ & host=user@h|",
        ":method=CONNECT & :scheme=http & :path=/ & :authority=h|",
        ":method=CONNECT|"
      })
  void refusesWhatIsNoRequest(String fields, String body) throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.with(pool).h2c().start()) {
      String head = fields.replaceFirst("^GET\\b", GET).replaceFirst("^POST\\b", POST);
      String sent = body == null ? "" : written(body);
      assertThat(outcome(server, block(head), sent)).matches("reset 1|goaway 1|400");
      assertThat(pool.requests()).allMatch(r -> r.context().contains("http://h/next"));
      assertThat(server.log()).noneMatch(l -> l.contains("internal server error"));
    }
  }

  @Test
  void isNoProxy() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.with(pool).h2c().start()) {
      assertThat(outcome(server, block(":method=CONNECT & :authority=h:443"), "")).isEqualTo("501");
      assertThat(pool.requests()).allMatch(r -> r.context().contains("http://h/next"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST & content-length=5|\"Content-Length\":[\"5\"]",
        "POST & te=trailers|\"Te\":[\"trailers\"]",
        "POST & x_transfer_encoding=chunked|\"X_transfer_encoding\":[\"chunked\"]",
        "POST & cookie=a=1 & cookie=b=2|\"cookies\":{\"a\":\"1\",\"b\":\"2\"}",
        "POST & host=h|\"uri\":\"http://h/\"",
        "POST & host=other|\"uri\":\"http://h/\"",
        ":method=POST & :scheme=http & :path=/ & host=h|\"uri\":\"http://h/\"",
        ":method=POST & :scheme=https & :path=/ & :authority=h|\"uri\":\"http://h/\"",
        ":method=POST & :scheme=http & :path=//evil/ & :authority=h|\"uri\":\"http://h//evil/\"",
        ":method=POST & :scheme=http & :path=/?a#b & :authority=h|\"uri\":\"http://h/?a#b\""
      })
  void handsOverWhatIsOne(String fields, String seen) throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.with(pool).h2c().start()) {
      assertThat(outcome(server, block(fields.replaceFirst("^POST\\b", POST)), "hello"))
          .isEqualTo("200");
      assertThat(pool.requests()).hasSize(1);
      assertThat(pool.requests().getFirst().text()).isEqualTo("hello");
      assertThat(pool.requests().getFirst().context()).contains(seen).doesNotContain("\"Host\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":path=/evil",
        ":status=200",
        "Upper=1",
        "transfer-encoding=chunked",
        "connection=close",
        "x=a~b",
        "x y=1"
      })
  void refusesTrailersThatAreNone(String trailer) throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.with(pool).h2c().start();
        FrameClient client = new FrameClient(server)) {
      client
          .frame(HEADERS, END_HEADERS, 1, block(POST))
          .frame(DATA, 0, 1, (byte) 'x')
          .frame(HEADERS, END_HEADERS | END_STREAM, 1, block(trailer))
          .send();
      FrameClient.Frame got =
          client.readUntil(f ->
              f.type() == GOAWAY
                  || f.stream() == 1 && (f.type() == RST_STREAM || f.type() == HEADERS));
      assertThat(got.type() == HEADERS ? status(got) : "" + got.code()).isIn("1", "400");
      assertThat(pool.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"content-length=3", "host=evil", "authorization=evil", "cookie=evil=1"})
  void keepsTrailersOutOfTheHeaders(String trailer) throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.with(pool).h2c().start();
        FrameClient client = new FrameClient(server)) {
      client
          .frame(HEADERS, END_HEADERS, 1, block(POST))
          .frame(DATA, 0, 1, (byte) 'x')
          .frame(HEADERS, END_HEADERS | END_STREAM, 1, block(trailer))
          .send();
      FrameClient.Frame got =
          client.readUntil(f -> f.stream() == 1 && (f.type() == RST_STREAM || f.ends(1)));
      if (got.type() == RST_STREAM) {
        assertThat(pool.requests()).isEmpty();
      } else {
        assertThat(pool.requests()).hasSize(1);
        assertThat(pool.requests().getFirst().context())
            .contains("\"headers\":{}", "\"cookies\":{}", "\"uri\":\"http://h/\"");
      }
    }
  }

  @Test
  void refusesAHeadOfManyFieldsAndOneOverOneMebibyte() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = TestServer.with(pool).h2c().start()) {
      assertThat(manyFields(server, 5000, 1)).isIn("431", "reset 1", "goaway 1", "goaway 11");
      assertThat(manyFields(server, 140, 8000)).isIn("431", "reset 1", "goaway 1", "goaway 11");
      assertThat(pool.requests()).isEmpty();
    }
  }

  /** A head in as many frames as it takes. */
  private static String manyFields(TestServer server, int count, int length) throws Exception {
    StringBuilder head = new StringBuilder(GET);
    for (int i = 0; i < count; i++) {
      head.append(" & x-").append(i).append('=').append("y".repeat(length));
    }
    byte[] all = block(head.toString());
    int continuation = 9;
    try (FrameClient client = new FrameClient(server)) {
      for (int at = 0; at < all.length; at += 16_000) {
        boolean last = at + 16_000 >= all.length;
        int flags = (at == 0 ? END_STREAM : 0) | (last ? END_HEADERS : 0);
        client.frame(
            at == 0 ? HEADERS : continuation,
            flags,
            1,
            Arrays.copyOfRange(all, at, Math.min(all.length, at + 16_000)));
      }
      client.send();
      FrameClient.Frame got =
          client.readUntil(
              f -> f.type() == GOAWAY || f.type() == RST_STREAM || f.type() == HEADERS);
      return got.type() == HEADERS
          ? status(got)
          : (got.type() == GOAWAY ? "goaway " : "reset ") + got.code();
    }
  }
}
