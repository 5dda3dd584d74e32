package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHeaders;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAnswerTest {
  private static final Instant CHANGED = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final String CHANGED_TEXT = "Fri, 02 Jan 2026 03:04:05 GMT";

  @TempDir Path dir;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(dir.resolve("a.txt"), "0123456789");
  }

  private FakeResponse answer(FakeRequest request) {
    FakeResponse response = new FakeResponse();
    HttpHeaders headers =
        new HttpHeaders().set("Content-Type", "text/plain").set("ETag", "\"tag\"");
    new FileAnswer(file, 10, CHANGED).send(request, response, headers);
    assertThat(response.ended()).isTrue();
    return response;
  }

  @Test
  void sendsTheWholeFileAsAFilePart() {
    FakeResponse response = answer(FakeRequest.get("/a.txt"));

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("0123456789");
    assertThat(response.fileWrites()).isEqualTo(1);
    assertThat(response.headers().get("Content-Length")).isEqualTo("10");
    assertThat(response.headers().get("Last-Modified")).isEqualTo(CHANGED_TEXT);
    assertThat(response.headers().get("Accept-Ranges")).isEqualTo("bytes");
  }

  @Test
  void sendsNoBodyToHead() {
    FakeResponse response = answer(FakeRequest.of("HEAD", "/a.txt"));

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.bytes()).isEmpty();
    assertThat(response.headers().get("Content-Length")).isEqualTo("10");
  }

  @Test
  void answersOneRangeWithThatPart() {
    FakeResponse response = answer(FakeRequest.get("/a.txt").header("Range", "bytes=2-4"));

    assertThat(response.status()).isEqualTo(206);
    assertThat(response.text()).isEqualTo("234");
    assertThat(response.headers().get("Content-Range")).isEqualTo("bytes 2-4/10");
  }

  @Test
  void answersSeveralRangesAsMultipartOfTheAnnouncedLength() {
    FakeResponse response = answer(FakeRequest.get("/a.txt").header("Range", "bytes=0-1,8-"));

    assertThat(response.status()).isEqualTo(206);
    assertThat(response.headers().get("Content-Type"))
        .startsWith("multipart/byteranges; boundary=");
    assertThat(response.text())
        .contains("Content-Range: bytes 0-1/10", "\r\n\r\n01\r\n--", "89\r\n");
    assertThat(response.headers().get("Content-Length"))
        .isEqualTo(Integer.toString(response.bytes().length));
  }

  @Test
  void answersRangesThatAddUpToMoreThanTheFileWithTheFile() {
    FakeResponse response = answer(FakeRequest.get("/a.txt").header("Range", "bytes=0-8,1-9"));

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("0123456789");
  }

  @Test
  void refusesARangeBeyondTheEnd() {
    FakeResponse response = answer(FakeRequest.get("/a.txt").header("Range", "bytes=10-"));

    assertThat(response.status()).isEqualTo(416);
    assertThat(response.headers().get("Content-Range")).isEqualTo("bytes */10");
    assertThat(response.bytes()).isEmpty();
  }

  @Test
  void saysNotModifiedForAKnownTagOrDate() {
    assertThat(answer(FakeRequest.get("/").header("If-None-Match", "\"x\", W/\"tag\"")).status())
        .isEqualTo(304);
    assertThat(answer(FakeRequest.get("/").header("If-Modified-Since", CHANGED_TEXT)).status())
        .isEqualTo(304);
  }

  @Test
  void letsTheTagDecideWhenBothAreGiven() {
    FakeRequest request =
        FakeRequest.get("/")
            .header("If-None-Match", "\"other\"")
            .header("If-Modified-Since", CHANGED_TEXT);

    assertThat(answer(request).status()).isEqualTo(200);
  }

  @Test
  void failsPreconditionsThatDoNotHold() {
    assertThat(answer(FakeRequest.get("/").header("If-Match", "\"other\"")).status())
        .isEqualTo(412);
    assertThat(answer(FakeRequest.of("PUT", "/").header("If-None-Match", "*")).status())
        .isEqualTo(412);
    FakeRequest old =
        FakeRequest.get("/").header("If-Unmodified-Since", "Thu, 01 Jan 2026 00:00:00 GMT");
    assertThat(answer(old).status()).isEqualTo(412);
  }

  @Test
  void ignoresARangeOfAnotherVersion() {
    FakeRequest stale =
        FakeRequest.get("/").header("Range", "bytes=0-0").header("If-Range", "\"other\"");
    FakeRequest current =
        FakeRequest.get("/").header("Range", "bytes=0-0").header("If-Range", CHANGED_TEXT);

    assertThat(answer(stale).status()).isEqualTo(200);
    assertThat(answer(current).status()).isEqualTo(206);
  }

  @Test
  void sendsAnEmptyFileWhateverPartIsAskedFor() throws IOException {
    Path empty = Files.createFile(dir.resolve("empty.txt"));
    for (String range : new String[] {"bytes=-3", "bytes=0-0", "bytes=5-", "nonsense"}) {
      FakeResponse response = new FakeResponse();
      new FileAnswer(empty, 0, CHANGED)
          .send(
              FakeRequest.get("/").header("Range", range),
              response,
              new HttpHeaders().set("Content-Type", "text/plain"));
      assertThat(response.status()).as(range).isEqualTo(200);
      assertThat(response.headers().get("Content-Range")).as(range).isNull();
      assertThat(response.headers().get("Content-Length")).as(range).isEqualTo("0");
    }
  }
}
