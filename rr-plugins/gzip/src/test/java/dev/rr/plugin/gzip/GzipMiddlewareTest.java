package dev.rr.plugin.gzip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.plugin.Catalogue;
import dev.rr.testing.http.FakeCoding;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GzipMiddlewareTest {
  private static final String LONG = "hello, hello, hello ".repeat(200);

  private final FakeResponse response = new FakeResponse();

  @TempDir Path folder;

  private final FakeCoding fake = new FakeCoding("fake");

  private HttpHandler gzip(HttpHandler next) throws IOException {
    return TestGzip.check(TestGzip.with(folder, "{}", Catalogue.EMPTY)).wrap(next);
  }

  private HttpHandler fake(HttpHandler next) throws IOException {
    return TestGzip.check(TestGzip.with(folder, "{encodings: [fake]}", Catalogue.EMPTY, fake))
        .wrap(next);
  }

  private static FakeRequest acceptingFake() {
    return FakeRequest.get("/").header("Accept-Encoding", "fake");
  }

  private static HttpHandler answering(HttpHeaders headers, String... pieces) {
    return (request, response) -> {
      response.head(200, headers);
      for (String piece : pieces) {
        response.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)));
      }
      response.end();
    };
  }

  private static FakeRequest accepting() {
    return FakeRequest.get("/").header("Accept-Encoding", "gzip, br");
  }

  private String unzipped() throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.bytes()))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void compressesALongText() throws IOException {
    HttpHeaders headers =
        new HttpHeaders()
            .set("Content-Type", "text/plain")
            .set("Content-Length", Integer.toString(LONG.length()))
            .set("Accept-Ranges", "bytes")
            .set("ETag", "\"a\"");

    gzip(answering(headers, LONG)).handle(accepting(), response);

    assertThat(unzipped()).isEqualTo(LONG);
    assertThat(response.bytes().length).isLessThan(LONG.length() / 10);
    assertThat(response.headers().get("Content-Encoding")).isEqualTo("gzip");
    assertThat(response.headers().get("Vary")).isEqualTo("Accept-Encoding");
    assertThat(response.headers().get("ETag")).isEqualTo("W/\"a\"");
    assertThat(response.headers().contains("Content-Length")).isFalse();
    assertThat(response.headers().contains("Accept-Ranges")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "application/yaml",
    "application/x-yaml; charset=utf-8",
    "application/openapi+yaml",
    "application/hal+json",
    "application/problem+xml; charset=utf-8",
    "image/svg+xml"
  })
  void compressesTypesThatAreTextUnderAnotherName(String type) throws IOException {
    gzip(answering(new HttpHeaders().set("Content-Type", type), LONG))
        .handle(accepting(), response);

    assertThat(response.headers().get("Content-Encoding")).isEqualTo("gzip");
  }

  @ParameterizedTest
  @CsvSource({"'no-transform'", "'public, max-age=60, No-Transform'"})
  void changesNothingThatMustNotBeTransformed(String control) throws IOException {
    HttpHeaders headers =
        new HttpHeaders()
            .set("Content-Type", "text/plain")
            .set("ETag", "\"a\"")
            .set("Cache-Control", control);

    gzip(answering(headers, LONG)).handle(accepting(), response);

    assertThat(response.text()).isEqualTo(LONG);
    assertThat(response.headers().contains("Content-Encoding")).isFalse();
    assertThat(response.headers().get("ETag")).isEqualTo("\"a\"");
  }

  @Test
  void changesNothingForThoseWhoAskThatNothingBeTransformed() throws IOException {
    gzip(answering(new HttpHeaders().set("Content-Type", "text/plain"), LONG))
        .handle(accepting().header("Cache-Control", "no-transform"), response);

    assertThat(response.text()).isEqualTo(LONG);
  }

  @Test
  void transformsNothingEvenForThoseWhoRefuseAPlainBody() throws IOException {
    HttpHeaders headers =
        new HttpHeaders().set("Content-Type", "text/plain").set("Cache-Control", "no-transform");

    gzip(answering(headers, LONG))
        .handle(FakeRequest.get("/").header("Accept-Encoding", "gzip, identity;q=0"), response);

    assertThat(response.text()).isEqualTo(LONG);
  }

  @Test
  void joinsManySmallPiecesAndIncompressibleOnes() throws IOException {
    Random random = new Random(7);
    String[] pieces = new String[300];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = Long.toString(random.nextLong(), 36).repeat(random.nextInt(40));
    }

    gzip(answering(new HttpHeaders().set("Content-Type", "text/html"), pieces))
        .handle(accepting(), response);

    assertThat(unzipped()).isEqualTo(String.join("", pieces));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "+5", "many"})
  void compressesWhereTheAnnouncedLengthIsNoNumber(String length) throws IOException {
    HttpHeaders headers =
        new HttpHeaders().set("Content-Type", "text/plain").set("Content-Length", length);

    gzip(answering(headers, LONG)).handle(accepting(), response);

    assertThat(unzipped()).isEqualTo(LONG);
  }

  @Test
  void leavesAShortBodyAlone() throws IOException {
    gzip(answering(new HttpHeaders().set("Content-Type", "text/plain"), "short"))
        .handle(accepting(), response);

    assertThat(response.text()).isEqualTo("short");
    assertThat(response.headers().contains("Content-Encoding")).isFalse();
    assertThat(response.headers().get("Vary")).isEqualTo("Accept-Encoding");
  }

  @ParameterizedTest
  @CsvSource({"image/png", "video/mp4", "text/event-stream", "application/zip", "audio/ogg"})
  void leavesTypesAloneThatGainNothing(String type) throws IOException {
    gzip(answering(new HttpHeaders().set("Content-Type", type), LONG))
        .handle(accepting(), response);

    assertThat(response.text()).isEqualTo(LONG);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-Encoding|br",
        "Content-Range|bytes 0-1/2",
        "No-Gzip-Compression|1",
        "Content-Length|1023"
      })
  void leavesAnswersAloneThatSaySo(String name, String value) throws IOException {
    HttpHeaders headers = new HttpHeaders().set("Content-Type", "text/plain").set(name, value);

    gzip(answering(headers, LONG)).handle(accepting(), response);

    assertThat(response.text()).isEqualTo(LONG);
    assertThat(response.headers().contains("No-Gzip-Compression")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "gzip|true",
        "br, GZIP;q=0.1|true",
        "*|true",
        "gzip;q=0|false",
        "*;q=0|false",
        "identity|false",
        "gzip;q=x|false",
        "*, gzip;q=0|false",
        "-|false"
      })
  void asksTheClient(String acceptEncoding, boolean compressed) throws IOException {
    FakeRequest request = FakeRequest.get("/");
    if (acceptEncoding != null) {
      request.header("Accept-Encoding", acceptEncoding);
    }

    gzip(answering(new HttpHeaders().set("Content-Type", "text/plain"), LONG))
        .handle(request, response);

    assertThat(response.headers().contains("Content-Encoding")).isEqualTo(compressed);
  }

  @Test
  void guessesAMissingTypeFromThePlainBytes() throws IOException {
    gzip(answering(new HttpHeaders(), "<html>" + LONG)).handle(accepting(), response);

    assertThat(response.headers().get("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(response.headers().get("Content-Encoding")).isEqualTo("gzip");
  }

  @Test
  void letsAStreamThroughAtEachFlush() throws IOException {
    gzip(
            (request, out) -> {
              out.head(200, new HttpHeaders().set("Content-Type", "text/plain"));
              out.write(ByteBuffer.wrap("first".getBytes(StandardCharsets.UTF_8)));
              out.flush();
              assertThat(response.bytes().length).isGreaterThan(10);
              out.write(ByteBuffer.wrap("second".getBytes(StandardCharsets.UTF_8)));
              out.end();
            })
        .handle(accepting(), response);

    assertThat(unzipped()).isEqualTo("firstsecond");
    assertThat(response.flushes()).isEqualTo(1);
  }

  @Test
  void compressesAFileBetweenOtherBytesAndKeepsTheirOrder(@TempDir Path dir) throws IOException {
    String content = "line of a file\n".repeat(20_000);
    Path file = Files.writeString(dir.resolve("a.txt"), content);

    gzip(
            (request, out) -> {
              out.head(200, new HttpHeaders().set("Content-Type", "text/plain"));
              out.write(ByteBuffer.wrap("<".getBytes(StandardCharsets.UTF_8)));
              out.file(file, 15, content.length() - 15L, () -> {});
              out.write(ByteBuffer.wrap(">".getBytes(StandardCharsets.UTF_8)));
              out.end();
            })
        .handle(accepting(), response);

    assertThat(unzipped()).isEqualTo("<" + content.substring(15) + ">");
  }

  @Test
  void waitsForASlowClientBeforeItReadsOnInAFile(@TempDir Path dir) throws IOException {
    byte[] noise = new byte[300_000];
    new Random(1).nextBytes(noise);
    Path file = Files.write(dir.resolve("a.txt"), noise);
    response.setWritable(false);

    gzip(
            (request, out) -> {
              out.head(200, new HttpHeaders().set("Content-Type", "text/plain"));
              out.file(file, 0, noise.length, () -> {});
              out.end();
            })
        .handle(accepting(), response);
    assertThat(response.bytes().length).isLessThan(1000);
    assertThat(response.ended()).isFalse();
    assertThat(response.flushes()).as("pushed before it waits").isPositive();
    response.setWritable(true);

    assertThat(response.ended()).isTrue();
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.bytes()))) {
      assertThat(in.readAllBytes()).isEqualTo(noise);
    }
  }

  @Test
  void sendsNothingToHeadButTheHead() throws IOException {
    gzip(answering(new HttpHeaders().set("Content-Length", "5000")))
        .handle(FakeRequest.of("HEAD", "/").header("Accept-Encoding", "gzip"), response);

    assertThat(response.headers().get("Content-Length")).isEqualTo("5000");
    assertThat(response.headers().contains("Content-Encoding")).isFalse();
  }

  @Test
  void compressesWhateverItIsForAClientThatRefusesThePlainBody() throws IOException {
    gzip(answering(new HttpHeaders().set("Content-Type", "image/png"), "tiny"))
        .handle(FakeRequest.get("/").header("Accept-Encoding", "gzip, identity;q=0"), response);

    assertThat(unzipped()).isEqualTo("tiny");
    assertThat(response.headers().get("Content-Encoding")).isEqualTo("gzip");
  }

  @Test
  void leavesAnEmptyBodyAloneEvenThen() throws IOException {
    gzip(answering(new HttpHeaders().set("Content-Type", "text/plain")))
        .handle(FakeRequest.get("/").header("Accept-Encoding", "gzip, identity;q=0"), response);

    assertThat(response.bytes()).isEmpty();
    assertThat(response.ended()).isTrue();
    assertThat(response.headers().contains("Content-Encoding")).isFalse();
  }

  @Test
  void leavesAConnectionThatLeavesHttpAlone() throws IOException {
    gzip(
            (request, out) -> {
              out.head(101, new HttpHeaders().set("Upgrade", "websocket"));
              out.flush();
            })
        .handle(accepting(), response);

    assertThat(response.status()).isEqualTo(101);
    assertThat(response.headers().contains("Content-Encoding")).isFalse();
  }

  @Test
  void leavesPartsOfAFileAndAnswersWithoutABodyAlone() throws IOException {
    for (int status : new int[] {204, 206, 304}) {
      FakeResponse bare = new FakeResponse();
      gzip(
              (request, out) -> {
                out.head(status, new HttpHeaders().set("ETag", "\"a\""));
                out.end();
              })
          .handle(accepting(), bare);

      assertThat(bare.headers().contains("Content-Encoding")).isFalse();
      assertThat(bare.headers().get("ETag")).isEqualTo("\"a\"");
      assertThat(bare.headers().get("Vary")).isEqualTo("Accept-Encoding");
    }
  }

  @Test
  void releasesTheCompressorWhenTheAnswerEnds() throws IOException {
    fake(answering(new HttpHeaders().set("Content-Type", "text/plain"), LONG))
        .handle(acceptingFake(), response);

    assertThat(response.text()).isEqualTo(LONG);
    assertThat(fake.opened()).isEqualTo(1);
    assertThat(fake.open()).isZero();
  }

  @Test
  void releasesTheCompressorWhenTheClientLeavesAndDropsWhatStillComes() throws IOException {
    fake(
            (request, out) -> {
              out.head(200, new HttpHeaders().set("Content-Type", "text/plain"));
              out.write(ByteBuffer.wrap(LONG.getBytes(StandardCharsets.UTF_8)));
              assertThat(fake.open()).isEqualTo(1);
              response.abort(new IOException("the client left"));
              assertThat(fake.open()).isZero();
              out.write(ByteBuffer.wrap(LONG.getBytes(StandardCharsets.UTF_8)));
              out.flush();
            })
        .handle(acceptingFake(), response);

    assertThat(response.text()).isEqualTo(LONG);
  }

  @Test
  void releasesTheCompressorWhenTheWorkerBreaksOff() throws IOException {
    fake(
            (request, out) -> {
              out.head(200, new HttpHeaders().set("Content-Type", "text/plain"));
              out.write(ByteBuffer.wrap(LONG.getBytes(StandardCharsets.UTF_8)));
              out.abort(new IOException("the worker died"));
            })
        .handle(acceptingFake(), response);

    assertThat(fake.opened()).isEqualTo(1);
    assertThat(fake.open()).isZero();
    assertThat(response.aborted()).hasMessage("the worker died");
  }

  @Test
  void letsAFileGoThatAClientWaitsForNoLonger() throws IOException {
    Path file = Files.write(folder.resolve("a.txt"), new byte[300_000]);
    AtomicInteger released = new AtomicInteger();
    response.setWritable(false);
    fake(
            (request, out) -> {
              out.head(200, new HttpHeaders().set("Content-Type", "text/plain"));
              out.file(file, 0, 300_000, released::incrementAndGet);
              out.file(file, 0, 300_000, released::incrementAndGet);
            })
        .handle(acceptingFake(), response);
    assertThat(released).hasValue(0);

    response.abort(new IOException("the client left"));

    assertThat(fake.open()).isZero();
    assertThat(fake.pieces()).isEmpty();
    assertThat(released).hasValue(2);
  }

  @Test
  void sendsOneFileWhateverTakesItsNameMeanwhile() throws IOException {
    Path file = Files.write(folder.resolve("a.txt"), new byte[300_000]);
    byte[] other = new byte[300_000];
    Arrays.fill(other, (byte) 1);
    Path beside = Files.write(folder.resolve("b.txt"), other);
    fake.onFirstWrite(() -> Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING));
    fake(
            (request, out) -> {
              out.head(200, new HttpHeaders().set("Content-Type", "text/plain"));
              out.file(file, 0, 300_000, () -> {});
              out.end();
            })
        .handle(acceptingFake(), response);

    assertThat(response.bytes()).isEqualTo(new byte[300_000]);
  }

  @Test
  void letsTheCompressorFinishItsCallWhenTheClientLeavesMeanwhile() throws Exception {
    HttpResponse leaving =
        new ForwardingResponse(response) {
          @Override
          public void write(ByteBuffer bytes) {
            abort(new IOException("the client has left"));
          }
        };
    fake(
            (request, out) -> {
              out.head(200, new HttpHeaders().set("Content-Type", "text/plain"));
              out.write(ByteBuffer.wrap(new byte[100_000]));
              out.end();
            })
        .handle(acceptingFake(), leaving);

    assertThat(response.aborted()).hasMessage("the client has left");
    assertThat(fake.opened()).isEqualTo(1);
    assertThat(fake.open()).isZero();
  }

  @Test
  void breaksOffWhenTheFileBecomesShorter() throws IOException {
    Path file = Files.write(folder.resolve("a.txt"), new byte[100_000]);
    AtomicInteger released = new AtomicInteger();
    fake(
            (request, out) -> {
              out.head(200, new HttpHeaders().set("Content-Type", "text/plain"));
              out.file(file, 0, 200_000, released::incrementAndGet);
              out.end();
            })
        .handle(acceptingFake(), response);

    assertThat(response.aborted()).hasMessageContaining("became shorter");
    assertThat(fake.open()).isZero();
    assertThat(released).hasValue(1);
  }

  @Test
  void compressesALongWritePieceByPieceAndKeepsTheOrder() throws IOException {
    byte[] noise = new byte[20_000_000];
    new Random(3).nextBytes(noise);
    fake(
            (request, out) -> {
              out.head(200, new HttpHeaders().set("Content-Type", "text/plain"));
              out.write(ByteBuffer.wrap(noise));
              out.flush();
              out.end();
            })
        .handle(acceptingFake(), response);

    assertThat(response.bytes()).isEqualTo(noise);
    assertThat(fake.pieces()).allMatch(size -> size <= 64 * 1024);
    assertThat(fake.flushes()).isEqualTo(1);
    assertThat(fake.open()).isZero();
  }
}
