package dev.rr.plugin.gzip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GzipMiddlewareTest {
  private static final String LONG = "hello, hello, hello ".repeat(200);

  private final FakeResponse response = new FakeResponse();

  private static HttpHandler gzip(HttpHandler next) {
    return new GzipPlugin(new GzipConfig(6, 1024, List.of())).wrap(next);
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

  @Test
  void leavesAShortBodyAlone() {
    gzip(answering(new HttpHeaders().set("Content-Type", "text/plain"), "short"))
        .handle(accepting(), response);

    assertThat(response.text()).isEqualTo("short");
    assertThat(response.headers().contains("Content-Encoding")).isFalse();
    assertThat(response.headers().get("Vary")).isEqualTo("Accept-Encoding");
  }

  @ParameterizedTest
  @CsvSource({"image/png", "video/mp4", "text/event-stream", "application/zip", "audio/ogg"})
  void leavesTypesAloneThatGainNothing(String type) {
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
  void leavesAnswersAloneThatSaySo(String name, String value) {
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
  void asksTheClient(String acceptEncoding, boolean compressed) {
    FakeRequest request = FakeRequest.get("/");
    if (acceptEncoding != null) {
      request.header("Accept-Encoding", acceptEncoding);
    }

    gzip(answering(new HttpHeaders().set("Content-Type", "text/plain"), LONG))
        .handle(request, response);

    assertThat(response.headers().contains("Content-Encoding")).isEqualTo(compressed);
  }

  @Test
  void guessesAMissingTypeFromThePlainBytes() {
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
  void sendsNothingToHeadButTheHead() {
    gzip(answering(new HttpHeaders().set("Content-Length", "5000")))
        .handle(FakeRequest.of("HEAD", "/").header("Accept-Encoding", "gzip"), response);

    assertThat(response.headers().get("Content-Length")).isEqualTo("5000");
    assertThat(response.headers().contains("Content-Encoding")).isFalse();
  }
}
