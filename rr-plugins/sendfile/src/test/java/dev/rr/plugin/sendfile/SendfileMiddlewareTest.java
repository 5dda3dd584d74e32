package dev.rr.plugin.sendfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.log.Log;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendfileMiddlewareTest {
  @TempDir Path dir;
  private Path root;
  private final FakeResponse response = new FakeResponse();

  @BeforeEach
  void write() throws IOException {
    root = Files.createDirectory(dir.resolve("files"));
    Files.writeString(root.resolve("report.pdf"), "the report");
    Files.writeString(root.resolve("empty"), "");
    Files.writeString(dir.resolve("secret"), "outside");
    Files.createSymbolicLink(root.resolve("link"), dir.resolve("secret"));
  }

  private void answer(int status, HttpHeaders headers, @Nullable Path only) {
    FakeRequest request =
        FakeRequest.get("/").header("X-Sendfile", dir.resolve("secret").toString());
    SendfileResponse out =
        new SendfileResponse(request, response, new SendableFiles(dir, only), Log.NONE);
    out.head(status, headers);
    out.write(ByteBuffer.wrap("from the application".getBytes(StandardCharsets.UTF_8)));
    out.flush();
    out.end();
    assertThat(response.ended()).isTrue();
    assertThat(response.headers().contains("X-Sendfile")).isFalse();
  }

  private static HttpHeaders naming(String file) {
    return new HttpHeaders().set("x-sendfile", file).set("X-Kept", "1").set("Content-Length", "20");
  }

  @Test
  void sendsTheFileInPlaceOfStatusAndBody() {
    answer(418, naming("files/report.pdf"), null);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("the report");
    assertThat(response.fileWrites()).isEqualTo(1);
    assertThat(response.headers().get("X-Kept")).isEqualTo("1");
    assertThat(response.headers().get("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(response.headers().all("Content-Length")).containsExactly("10");
  }

  @Test
  void keepsTheApplicationsContentType() {
    answer(200, naming("files/report.pdf").set("Content-Type", "application/pdf"), null);

    assertThat(response.headers().get("Content-Type")).isEqualTo("application/pdf");
  }

  @Test
  void sendsAnEmptyFile() {
    answer(200, naming("files/empty"), null);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.bytes()).isEmpty();
  }

  @Test
  void passesOtherAnswersThroughAndNeverLooksAtTheRequest() {
    answer(201, new HttpHeaders().set("X-Kept", "1"), null);

    assertThat(response.status()).isEqualTo(201);
    assertThat(response.text()).isEqualTo("from the application");
    assertThat(response.flushes()).isEqualTo(1);
  }

  @Test
  void refusesAPathOutOfTheWorkDirectory() {
    answer(200, naming("../../etc/passwd"), null);

    assertThat(response.status()).isEqualTo(403);
  }

  @Test
  void answersNotFoundForAMissingFileAndADirectory() {
    answer(200, naming("files/none"), null);
    assertThat(response.status()).isEqualTo(404);
    assertThat(response.text()).isEqualTo("not found\n");
  }

  @Test
  void sendsOnlyFromBelowTheRootWhenThereIsOne() {
    answer(200, naming(root.resolve("report.pdf").toString()), root);
    assertThat(response.status()).isEqualTo(200);
  }

  @Test
  void refusesAFileBesideTheRoot() {
    answer(200, naming(dir.resolve("secret").toString()), root);
    assertThat(response.status()).isEqualTo(403);
  }

  @Test
  void refusesALinkOutOfTheRoot() {
    answer(200, naming("files/link"), root);
    assertThat(response.status()).isEqualTo(403);
    assertThat(response.text()).doesNotContain("outside");
  }
}
