package dev.rr.http;

import static dev.rr.http.RecordingExchange.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.RequestBody;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramedExchangeTest {
  private final List<String> got = new ArrayList<>();

  private final RequestBody.Reader reader =
      new RequestBody.Reader() {
        @Override
        public void chunk(ByteBuffer bytes) {
          got.add(StandardCharsets.UTF_8.decode(bytes).toString());
        }

        @Override
        public void end(HttpHeaders trailers) {
          got.add("end " + trailers.toString().strip());
        }

        @Override
        public void failed(HttpFault fault) {
          got.add("failed " + fault.status() + " " + fault.getMessage());
        }
      };

  private static RecordingExchange post(long announced) {
    return RecordingExchange.of("POST", new HttpHeaders(), announced);
  }

  @Test
  void keepsWhatNobodyWantsYetAndSaysHowMuch() {
    RecordingExchange exchange = post(-1);
    exchange.arrived(bytes("ab"));
    exchange.arrived(bytes("c"));
    assertThat(exchange.waits).isEqualTo(3);
    assertThat(exchange.length()).isEqualTo(-1);
    exchange.read(reader);
    assertThat(exchange.waits).isEqualTo(0);
    exchange.pause();
    exchange.arrived(bytes("d"));
    exchange.ended(new HttpHeaders().add("X-Sum", "9"));
    assertThat(got).containsExactly("ab", "c");
    exchange.resume();

    assertThat(got).containsExactly("ab", "c", "d", "end X-Sum: 9");
  }

  @Test
  void keepsTheOrderWhenAReaderPausesAndResumesWithinAChunk() {
    RecordingExchange exchange = post(-1);
    exchange.arrived(bytes("a"));
    exchange.arrived(bytes("b"));
    exchange.read(
        new RequestBody.Reader() {
          @Override
          public void chunk(ByteBuffer bytes) {
            exchange.pause();
            exchange.resume();
            reader.chunk(bytes);
          }

          @Override
          public void end(HttpHeaders trailers) {
            reader.end(trailers);
          }

          @Override
          public void failed(HttpFault fault) {
            reader.failed(fault);
          }
        });

    assertThat(got).containsExactly("a", "b");
  }

  @Test
  void hasNoBodyWhereTheRequestEndsWithItsHead() {
    RecordingExchange exchange = post(-1);
    exchange.ended(HttpHeaders.EMPTY);

    assertThat(exchange.length()).isEqualTo(0);
    exchange.read(reader);
    assertThat(got).containsExactly("end ");
  }

  @Test
  void failsABodyThatIsLongerOrShorterThanAnnounced() {
    RecordingExchange longer = post(2);
    longer.read(reader);
    longer.arrived(bytes("abc"));
    longer.ended(HttpHeaders.EMPTY);
    assertThat(got).containsExactly("failed 400 the body is longer than its Content-Length");

    got.clear();
    RecordingExchange shorter = post(5);
    shorter.read(reader);
    shorter.arrived(bytes("abc"));
    shorter.ended(HttpHeaders.EMPTY);
    assertThat(got).containsExactly("abc", "failed 400 unexpected EOF");
  }

  @Test
  void tellsAPausedReaderOfAFailureOnceAndAnswersOnlyWhereThereIsNone() {
    RecordingExchange read = post(5);
    read.read(reader);
    read.pause();
    read.arrived(bytes("a"));
    read.refuse(new HttpFault(408, "late"));
    read.refuse(new HttpFault(408, "late"));
    assertThat(got).containsExactly("failed 408 late");
    assertThat(read.sent).isEmpty();
    assertThat(read.waits).isEqualTo(0);

    RecordingExchange unread = post(5);
    unread.refuse(new HttpFault(408, "late"));
    unread.arrived(bytes("a"));
    assertThat(unread.sent.getFirst()).startsWith("408 5 [Content-Type: text/plain");
    assertThat(unread.waits).isEqualTo(0);
  }

  @Test
  void tellsReaderAndListenerThatTheClientIsGone() {
    RecordingExchange exchange = post(5);
    exchange.onClose(() -> got.add("closed"));
    exchange.read(reader);
    exchange.gone(new HttpFault(400, "unexpected EOF"));
    exchange.gone(new HttpFault(400, "unexpected EOF"));
    exchange.arrived(bytes("a"));

    assertThat(got).containsExactly("failed 400 unexpected EOF", "closed");
    assertThat(exchange.sent).isEmpty();
  }

  @Test
  void dropsTheRestOnceTheAnswerIsComplete() {
    RecordingExchange exchange = post(5);
    exchange.arrived(bytes("a"));
    exchange.head(413, new HttpHeaders());
    exchange.end();
    exchange.arrived(bytes("b"));
    exchange.read(reader);
    exchange.ended(HttpHeaders.EMPTY);

    assertThat(got).isEmpty();
    assertThat(exchange.waits).isEqualTo(0);
  }

  @Test
  void asksForABodyThatWaitsToBeAskedFor() {
    HttpHeaders headers = new HttpHeaders().add("Expect", "100-continue");
    RecordingExchange exchange = RecordingExchange.of("POST", headers, 5);
    exchange.read(reader);
    exchange.pause();
    exchange.resume();

    assertThat(exchange.sent).containsExactly("interim 100");
  }
}
