package dev.rr.http;

import static dev.rr.http.RecordingExchange.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.http.HttpHeaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ExchangeTest {
  private static HttpHeaders typed() {
    return new HttpHeaders().add("Content-Type", "a/b");
  }

  @Test
  void tellsTheLengthOfAnAnswerThatIsThereWhole() {
    RecordingExchange exchange = RecordingExchange.get();
    exchange.head(200, typed());
    exchange.write(bytes("hello"));
    exchange.end();

    assertThat(exchange.sent).containsExactly("200 5 [Content-Type: a/b] hello end");
  }

  @Test
  void holdsTheHeadBackUntilMoreThanOnePieceIsThereOrItIsFlushed() {
    RecordingExchange two = RecordingExchange.get();
    two.head(200, typed());
    two.write(bytes("a"));
    assertThat(two.sent).isEmpty();
    two.write(bytes("b"));
    two.end();

    assertThat(two.sent).containsExactly("200 -1 [Content-Type: a/b] a", "b", "end ");

    RecordingExchange flushed = RecordingExchange.get();
    flushed.head(200, typed());
    flushed.flush();
    assertThat(flushed.sent).containsExactly("200 -1 [Content-Type: a/b] ");
  }

  @Test
  void looksAtTheFirstBytesWhereNoTypeIsGiven() {
    RecordingExchange exchange = RecordingExchange.get();
    exchange.head(200, new HttpHeaders());
    exchange.write(bytes("<html>"));
    exchange.end();

    assertThat(exchange.sent)
        .containsExactly("200 6 [Content-Type: text/html; charset=utf-8] <html> end");
  }

  @Test
  void answersWithAbortWhatAChainThrows() {
    RecordingExchange exchange = RecordingExchange.get();
    exchange.answerBy((request, response) -> {
      throw new IllegalStateException("broken");
    });

    assertThat(exchange.sent).containsExactly("500 0 []  end");
    assertThat(exchange.log.with("internal server error")).hasSize(1);
  }

  @Test
  void replacesAWrongLengthOfAWholeAnswerAndSaysSo() {
    RecordingExchange exchange = RecordingExchange.get();
    exchange.head(200, typed().add("Content-Length", "9"));
    exchange.write(bytes("hello"));
    exchange.end();

    assertThat(exchange.sent).containsExactly("200 5 [Content-Type: a/b] hello end");
    assertThat(exchange.log.with("Content-Length is wrong")).hasSize(1);
  }

  @Test
  void dropsWhatIsMoreThanTheLengthThatWentOut() {
    RecordingExchange exchange = RecordingExchange.get();
    exchange.head(200, typed().add("Content-Length", "3"));
    exchange.write(bytes("ab"));
    exchange.write(bytes("cde"));
    exchange.end();

    assertThat(exchange.sent).containsExactly("200 3 [Content-Type: a/b] ab", "c", "end ");
    assertThat(exchange.log.with("the rest is dropped")).hasSize(1);
  }

  @Test
  void cutsTheFirstPieceAtTheLengthThatGoesOut() {
    RecordingExchange exchange = RecordingExchange.get();
    exchange.head(200, typed().add("Content-Length", "3"));
    exchange.write(bytes("abcd"));
    exchange.write(bytes("ef"));
    assertThat(exchange.overran()).isTrue();
    exchange.write(bytes("gh"));
    exchange.end();

    assertThat(exchange.sent).containsExactly("200 3 [Content-Type: a/b] abc", "end ");
    assertThat(exchange.log.with("the rest is dropped")).hasSize(1);
  }

  @Test
  void cutsWhereLessCameThanTheLengthThatWentOut() {
    RecordingExchange exchange = RecordingExchange.get();
    List<String> closed = new ArrayList<>();
    exchange.onClose(() -> closed.add("closed"));
    exchange.head(200, typed().add("Content-Length", "9"));
    exchange.write(bytes("ab"));
    exchange.flush();
    exchange.end();

    assertThat(exchange.sent).endsWith("cut");
    assertThat(exchange.log.with("shorter than its Content-Length")).hasSize(1);
    assertThat(closed).containsExactly("closed");
  }

  @Test
  void answersHeadWithTheLengthAndNoBody() {
    RecordingExchange told = RecordingExchange.of("HEAD", new HttpHeaders(), 0);
    told.head(200, typed().add("Content-Length", "9"));
    told.end();
    assertThat(told.sent).containsExactly("200 9 [Content-Type: a/b]  end");

    RecordingExchange counted = RecordingExchange.of("HEAD", new HttpHeaders(), 0);
    counted.head(200, typed());
    counted.write(bytes("hello"));
    counted.end();
    assertThat(counted.sent).containsExactly("200 5 [Content-Type: a/b]  end");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void sendsNeitherBodyNorLengthNorTrailersWhereThereMayBeNone(int status) {
    RecordingExchange exchange = RecordingExchange.get();
    exchange.head(status, new HttpHeaders());
    exchange.write(bytes("a"));
    exchange.write(bytes("b"));
    exchange.end(new HttpHeaders().add("X-Sum", "1"));

    assertThat(exchange.sent).containsExactly(status + " -1 [] ", "end ");
  }

  @Test
  void sendsInterimHeadsAheadOfTheHeadOnly() {
    RecordingExchange exchange = RecordingExchange.get();
    exchange.interim(103, new HttpHeaders());
    exchange.head(200, typed());
    exchange.interim(103, new HttpHeaders());
    exchange.end(new HttpHeaders().add("X-Sum", "1"));

    assertThat(exchange.sent)
        .containsExactly("interim 103", "200 -1 [Content-Type: a/b] ", "end X-Sum: 1");
    assertThatThrownBy(() -> RecordingExchange.get().write(bytes("a")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void answersAnAbortWith500UnlessTheHeadWentOut() {
    RecordingExchange held = RecordingExchange.get();
    held.head(200, typed());
    held.write(bytes("a"));
    held.abort(new IOException("no"));
    assertThat(held.sent).containsExactly("500 0 []  end");

    RecordingExchange begun = RecordingExchange.get();
    begun.head(200, typed());
    begun.flush();
    begun.abort(new IOException("no"));
    begun.write(bytes("late"));
    begun.end();
    assertThat(begun.sent).containsExactly("200 -1 [Content-Type: a/b] ", "cut");
  }

  @Test
  void sendsFilesInTheirPlaceAndWithinTheLength(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("f"), "0123456789");
    RecordingExchange exchange = RecordingExchange.get();
    List<String> over = new ArrayList<>();
    exchange.head(200, typed().add("Content-Length", "6"));
    exchange.file(file, 2, 4, () -> over.add("one"));
    exchange.write(bytes("ab"));
    exchange.file(file, 0, 10, () -> over.add("two"));
    exchange.end();
    while (!exchange.done()) {
      exchange.runNext();
    }

    assertThat(exchange.sent).containsExactly("200 6 [Content-Type: a/b] ", "2345", "ab", "end ");
    assertThat(over).containsExactly("one", "two");
    assertThat(exchange.log.with("the rest is dropped")).hasSize(1);
  }

  @Test
  void letsGoOfEveryFileOfAClientThatLeft(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("f"), "0123456789");
    RecordingExchange exchange = RecordingExchange.get();
    List<String> over = new ArrayList<>();
    exchange.head(200, typed());
    exchange.file(file, 0, 10, () -> over.add("one"));
    exchange.file(file, 0, 10, () -> over.add("two"));
    exchange.end();
    exchange.writable = false;
    exchange.runNext();
    assertThat(over).isEmpty();
    exchange.abandon();

    assertThat(over).containsExactly("one", "two");
    assertThat(exchange.sent).containsExactly("200 -1 [Content-Type: a/b] ");
  }

  @Test
  void opensNoFileWhileTheClientDoesNotRead(@TempDir Path dir) throws Exception {
    Path file = dir.resolve("f");
    RecordingExchange exchange = RecordingExchange.get();
    List<String> over = new ArrayList<>();
    exchange.writable = false;
    exchange.head(200, typed());
    exchange.file(file, 0, 10, () -> over.add("one"));
    exchange.end();
    Files.writeString(file, "0123456789");
    exchange.writable = true;
    exchange.becameWritable();
    while (!exchange.done()) {
      exchange.runNext();
    }

    assertThat(exchange.sent).containsExactly("200 -1 [Content-Type: a/b] ", "0123456789", "end ");

    RecordingExchange left = RecordingExchange.get();
    left.writable = false;
    left.head(200, typed());
    left.file(file, 0, 10, () -> over.add("two"));
    left.abandon();
    assertThat(over).containsExactly("one", "two");
  }

  @Test
  void opensTheNextFileOnceTheOneBeforeIsSent(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("f"), "0123456789");
    RecordingExchange exchange = RecordingExchange.get();
    List<String> over = new ArrayList<>();
    exchange.takesRegions = true;
    exchange.head(200, typed());
    exchange.file(file, 0, 4, () -> over.add("one"));
    exchange.write(bytes("ab"));
    exchange.file(file, 4, 6, () -> over.add("two"));
    exchange.end();
    exchange.runNext();
    assertThat(exchange.writable()).isFalse();
    assertThat(exchange.sent).containsExactly("200 -1 [Content-Type: a/b] ", "region 0+4");
    exchange.regions.remove().run();
    exchange.runNext();
    assertThat(exchange.done()).isFalse();
    exchange.regions.remove().run();

    assertThat(exchange.sent).endsWith("region 0+4", "ab", "region 4+6", "end ");
    assertThat(over).containsExactly("one", "two");
  }

  @Test
  void letsGoOfARegionThatCannotBeSent(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("f"), "0123456789");
    RecordingExchange exchange = RecordingExchange.get();
    List<String> over = new ArrayList<>();
    exchange.takesRegions = true;
    exchange.head(200, typed());
    exchange.file(file, 0, 10, () -> over.add("one"));
    exchange.end();
    exchange.runNext();
    exchange.abandon();
    assertThat(over).isEmpty();
    exchange.regions.remove().run();

    assertThat(exchange.sent).endsWith("region 0+10");
    assertThat(over).containsExactly("one");
  }

  @Test
  void cutsWhereAFileIsMissing(@TempDir Path dir) throws Exception {
    RecordingExchange exchange = RecordingExchange.get();
    List<String> over = new ArrayList<>();
    exchange.head(200, typed());
    exchange.file(dir.resolve("none"), 0, 10, () -> over.add("one"));
    exchange.end();
    exchange.runNext();

    assertThat(exchange.sent).endsWith("cut");
    assertThat(over).containsExactly("one");
  }

  @Test
  void goesOnWithAFileWhenTheClientReadsAgain(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("f"), "0123456789");
    RecordingExchange exchange = RecordingExchange.get();
    List<String> over = new ArrayList<>();
    exchange.onWritable(() -> over.add("writable"));
    exchange.head(200, typed());
    exchange.file(file, 0, 10, () -> over.add("one"));
    exchange.writable = false;
    exchange.runNext();
    assertThat(exchange.writable()).isFalse();
    exchange.writable = true;
    exchange.becameWritable();
    while (over.size() < 2) {
      exchange.runNext();
    }

    assertThat(exchange.sent).containsExactly("200 -1 [Content-Type: a/b] ", "0123456789");
    assertThat(over).containsExactly("one", "writable");
  }
}
