package dev.rr.plugin.http3;

import static dev.rr.plugin.http3.Http3Fixture.bytes;
import static dev.rr.plugin.http3.Http3Fixture.listen;
import static dev.rr.plugin.http3.Http3Fixture.stop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.plugin.http3.Http3Client.Answer;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of HTTP over this transport. */
@Timeout(30)
class Http3ExchangeTest {
  @TempDir static Path dir;

  private final Http3Fixture.Events events = new Http3Fixture.Events();
  private volatile HttpHandler handler = events::take;
  private Http3Listener listener;
  private Http3Client client;

  @BeforeAll
  static void makeKey() throws Exception {
    Http3Fixture.makeKey(dir);
  }

  @BeforeEach
  void start() throws Exception {
    listener = listen(dir, (request, response) -> handler.handle(request, response));
    client = new Http3Client(listener);
  }

  private void serve(HttpHandler next) {
    handler = next;
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    stop(listener);
  }

  private Answer ask(Http3Headers head, String... body) throws Exception {
    Answer answer = new Answer();
    QuicStreamChannel stream = client.open(answer, head);
    for (String piece : body) {
      var sent =
          stream.write(
              new DefaultHttp3DataFrame(Unpooled.copiedBuffer(piece, StandardCharsets.UTF_8)));
    }
    var unused = stream.shutdownOutput();
    return answer;
  }

  private static String lengthOf(Answer answer) {
    return String.valueOf(answer.heads.getFirst().get("content-length"));
  }

  @Test
  void tellsTheLengthOfAWholeAnswerAndReplacesAWrongOne() throws Exception {
    serve((request, response) -> {
      response.head(200, new HttpHeaders().add("Content-Length", "99"));
      response.write(bytes("hello"));
      response.end();
    });
    Answer answer = client.get("/").get();

    assertThat(lengthOf(answer)).isEqualTo("5");
    assertThat(answer.heads.getFirst().getAll("content-length")).hasSize(1);
    assertThat(answer.text()).isEqualTo("hello");
  }

  @Test
  void tellsHeadTheLengthItWouldHaveHad() throws Exception {
    serve((request, response) -> {
      response.head(200, new HttpHeaders());
      response.write(bytes("hello"));
      response.end();
    });
    Answer answer = ask(Http3Client.head("HEAD", "/")).get();

    assertThat(lengthOf(answer)).isEqualTo("5");
    assertThat(answer.text()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void tellsNoLengthWhereThereIsNoBody(int status) throws Exception {
    serve((request, response) -> {
      response.head(status, new HttpHeaders().add("Content-Length", "5"));
      response.end();
    });
    Answer answer = client.get("/").get();

    assertThat(answer.heads.getFirst().status()).hasToString("" + status);
    assertThat(lengthOf(answer)).isEqualTo("null");
  }

  @Test
  void dropsWhatIsMoreThanAnnouncedAndResetsWhereItIsLess() throws Exception {
    serve((request, response) -> {
      response.head(200, new HttpHeaders().add("Content-Length", "5"));
      response.write(bytes("abc"));
      response.flush();
      if (request.target().equals("/more")) {
        response.write(bytes("defgh"));
      }
      response.end();
    });

    assertThat(client.get("/more").get().text()).isEqualTo("abcde");
    assertThatThrownBy(() -> client.get("/less").get()).isNotNull();
  }

  @Test
  void leavesOutWhatSpeaksOfTheConnectionAndSendsBytesAsTheyAre() throws Exception {
    serve((request, response) -> {
      response.head(
          200,
          new HttpHeaders()
              .add("Connection", "close")
              .add("Transfer-Encoding", "chunked")
              .add("bad name", "x")
              .add("X-Bytes", "\u00c3\u00a9"));
      response.end();
    });
    Http3Headers head = client.get("/").get().heads.getFirst();

    assertThat(head.contains("connection")).isFalse();
    assertThat(head.contains("transfer-encoding")).isFalse();
    assertThat(head.contains("bad name")).isFalse();
    assertThat(head.get("x-bytes")).hasToString("\u00c3\u00a9");
  }

  @Test
  void handsTrailersOfTheRequestOver() throws Exception {
    Answer answer = new Answer();
    QuicStreamChannel stream = client.open(answer, Http3Client.head("POST", "/"));
    var unused =
        stream.write(
            new DefaultHttp3DataFrame(Unpooled.copiedBuffer("abc", StandardCharsets.UTF_8)));
    Http3Headers trailers = new DefaultHttp3Headers();
    trailers.add("x-sum", "9");
    stream
        .writeAndFlush(new DefaultHttp3HeadersFrame(trailers))
        .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);

    assertThat(events.next()).isEqualTo("abc");
    assertThat(events.next()).isEqualTo("end X-Sum: 9");
    assertThat(answer.get().text()).isEqualTo("done");
  }

  @ParameterizedTest
  @CsvSource({"2, abc", "9, abc"})
  void failsABodyThatIsNotAsLongAsAnnounced(String announced, String body) throws Exception {
    Answer answer = ask(Http3Client.head("POST", "/").add("content-length", announced), body);

    assertThatThrownBy(answer::get).isNotNull();
    String told = events.next();
    assertThat(told.equals(body) ? events.next() : told).startsWith("failed 400");
    assertThat(events.next()).isEqualTo("closed");
  }

  @Test
  void refusesABodyThatIsTooLargeWithoutReadingIt() throws Exception {
    serve((request, response) -> {
      assertThat(request.body().length()).isEqualTo(2_000_000);
      response.head(413, new HttpHeaders());
      response.end();
    });
    Answer answer = new Answer();
    QuicStreamChannel stream =
        client.open(answer, Http3Client.head("POST", "/").add("content-length", "2000000"));
    var unused =
        stream.writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(new byte[100_000])));

    assertThat(answer.get().heads.getFirst().status()).hasToString("413");
  }

  @Test
  void completesALongAnswerToARequestWhoseRestIsNotWanted() throws Exception {
    serve((request, response) -> {
      response.head(413, new HttpHeaders());
      response.write(ByteBuffer.wrap(new byte[3_000_000]));
      response.end();
    });
    Answer answer = new Answer();
    QuicStreamChannel stream = client.open(answer, Http3Client.head("POST", "/"));
    for (int i = 0; i < 20; i++) {
      var unused =
          stream.writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(new byte[50_000])));
    }

    assertThat(answer.get().body.size()).isEqualTo(3_000_000);
    assertThat(lengthOf(answer)).isEqualTo("3000000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keep-alive",
        "proxy-connection",
        "transfer-encoding",
        "upgrade",
        "X-Upper",
        "a b"
      })
  void resetsARequestWithAFieldThatIsNone(String name) throws Exception {
    Answer answer = ask(Http3Client.head("GET", "/").add(name, "x"));

    assertThatThrownBy(answer::get).isNotNull();
    assertThat(events.none()).isTrue();
    assertThat(client.get("/").get().text()).isEqualTo("done");
  }

  @Test
  void resetsARequestWhoseValueWouldEndALine() throws Exception {
    Answer answer = ask(Http3Client.head("GET", "/").add("x-a", "1\r\nx-b: 2"));

    assertThatThrownBy(answer::get).isNotNull();
    assertThat(events.none()).isTrue();
  }

  @Test
  void answersMoreFieldsThanAnybodySendsWith431() throws Exception {
    Http3Headers head = Http3Client.head("GET", "/");
    for (int i = 0; i < 1001; i++) {
      head.add("x" + i, "y");
    }

    assertThat(ask(head).get().heads.getFirst().status()).hasToString("431");
  }

  @Test
  void asksForABodyThatWaitsToBeAskedFor() throws Exception {
    Answer answer = ask(Http3Client.head("POST", "/").add("expect", "100-continue"), "abc");

    assertThat(answer.get().heads.getFirst().status()).hasToString("100");
    assertThat(answer.heads.get(1).status()).hasToString("200");
  }

  @Test
  void resetsAnAnswerThatWasBegunAndCannotBeCompleted() throws Exception {
    serve((request, response) -> {
      response.head(200, new HttpHeaders());
      response.flush();
      response.abort(new IllegalStateException("the worker died"));
    });
    Answer answer = client.get("/");

    assertThatThrownBy(answer::get).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tellsAHandlerThatWaitsThatItsClientNoLongerDoes(boolean requestWhole) throws Exception {
    serve((request, response) -> {
      response.onClose(() -> events.add("closed"));
      events.add("begun");
    });
    QuicStreamChannel stream = client.open(new Answer(), Http3Client.head("GET", "/"));
    if (requestWhole) {
      stream.shutdownOutput().sync();
    }
    assertThat(events.next()).isEqualTo("begun");
    if (requestWhole) {
      // All that is left to say once the request is out.
      stream.shutdownInput(0x10c).sync();
    } else {
      stream.shutdown(0x10c).sync();
    }

    assertThat(events.next()).isEqualTo("closed");
  }

  @Test
  void letsGoOfAFileWhoseClientLeftWhileItWasSent() throws Exception {
    Path file = dir.resolve("large");
    Files.write(file, new byte[20_000_000]);
    CompletableFuture<String> released = new CompletableFuture<>();
    serve((request, response) -> {
      response.head(200, new HttpHeaders());
      response.file(file, 0, 20_000_000, () -> released.complete("released"));
      response.end();
    });
    Answer answer = new Answer();
    QuicStreamChannel stream = client.open(answer, Http3Client.head("GET", "/"));
    stream.config().setAutoRead(false);
    answer.begun.get(10, TimeUnit.SECONDS);
    stream.shutdown(0x10c).sync();

    assertThat(released.get(10, TimeUnit.SECONDS)).isEqualTo("released");
  }
}
