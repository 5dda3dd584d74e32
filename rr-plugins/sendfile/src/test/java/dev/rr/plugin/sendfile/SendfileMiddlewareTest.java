package dev.rr.plugin.sendfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.log.Log;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import dev.rr.testing.worker.RecordingLog;
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
    assertThat(response.headers().get("Content-Type")).isEqualTo("application/pdf");
    assertThat(response.headers().all("Content-Length")).containsExactly("10");
  }

  @Test
  void keepsTheApplicationsContentType() {
    answer(200, naming("files/report.pdf").set("Content-Type", "application/x-own"), null);

    assertThat(response.headers().get("Content-Type")).isEqualTo("application/x-own");
  }

  @Test
  void findsTheTypeInTheContentWhereTheNameTellsNothing() throws IOException {
    Files.writeString(root.resolve("page"), "<!doctype html><p>page</p>");

    answer(200, naming("files/page"), null);

    assertThat(response.headers().get("Content-Type")).isEqualTo("text/html; charset=utf-8");
  }

  @Test
  void findsNamesInUtf8() throws IOException {
    Files.writeString(root.resolve("r\u00e9sum\u00e9 \u65e5.txt"), "the summary");
    String bytes =
        new String(
            "files/r\u00e9sum\u00e9 \u65e5.txt".getBytes(StandardCharsets.UTF_8),
            StandardCharsets.ISO_8859_1);

    answer(200, naming(bytes), root);

    assertThat(response.text()).isEqualTo("the summary");
    assertThat(response.headers().get("Content-Type")).isEqualTo("text/plain; charset=utf-8");
  }

  @Test
  void tellsARefusedNameAsText() {
    RecordingLog log = new RecordingLog();
    new SendfileResponse(FakeRequest.get("/"), response, new SendableFiles(dir, null), log)
        .head(200, naming("\u00c3\u00a9.txt"));

    assertThat(log.with("file, \u00e9.txt,")).hasSize(1);
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

  private void refused(String name, @Nullable Path only, int status, String text) {
    FakeResponse fresh = new FakeResponse();
    SendfileResponse out =
        new SendfileResponse(FakeRequest.get("/"), fresh, new SendableFiles(dir, only), Log.NONE);
    out.head(200, naming(name));
    out.end();
    assertThat(fresh.status()).as(name).isEqualTo(status);
    assertThat(fresh.text()).as(name).isEqualTo(text);
    assertThat(fresh.headers().get("Content-Type")).isEqualTo("text/plain; charset=utf-8");
  }

  @Test
  void saysWithEachStatusWhatIsWrong() throws IOException {
    Files.createSymbolicLink(root.resolve("round"), root.resolve("round"));

    refused("files", null, 404, "not found\n");
    refused("files/none", null, 404, "not found\n");
    refused("files/report.pdf/more", null, 404, "not found\n");
    refused("files/" + "x".repeat(5000), null, 404, "not found\n");
    refused("files/round", null, 404, "not found\n");
    refused("../up", null, 403, "forbidden\n");
    refused("files/../../up", null, 403, "forbidden\n");
    refused("files/../files/report.pdf", null, 403, "forbidden\n");
    refused("files/../files/report.pdf", root, 403, "forbidden\n");
    refused(dir + "/files/../secret", null, 403, "forbidden\n");
    refused("files/a..pdf", null, 403, "forbidden\n");
    refused("a\0b", null, 403, "forbidden\n");
  }

  @Test
  void letsNothingLeadOutOfTheRoot() throws IOException {
    Files.createDirectory(dir.resolve("files-beside"));
    Files.writeString(dir.resolve("files-beside/secret"), "outside");
    Files.createSymbolicLink(root.resolve("up"), dir);
    Files.createSymbolicLink(root.resolve("deep"), root.resolve("link"));

    refused("secret", root, 403, "forbidden\n");
    refused("files/../secret", root, 403, "forbidden\n");
    refused(root + "/../secret", root, 403, "forbidden\n");
    refused("files/up/secret", root, 403, "forbidden\n");
    refused("files/deep", root, 403, "forbidden\n");
    refused("files-beside/secret", root, 403, "forbidden\n");
    refused("/etc/passwd", root, 403, "forbidden\n");
    refused("/proc/self/environ", root, 403, "forbidden\n");
    refused("files", root, 404, "not found\n");
  }

  @Test
  void sendsWhatIsBelowTheRootByWhateverName() throws IOException {
    Files.createSymbolicLink(root.resolve("inside"), root.resolve("report.pdf"));
    Path other = Files.createSymbolicLink(dir.resolve("other-name"), root);
    for (String name :
        new String[] {"files/inside", "files/././report.pdf", "other-name/report.pdf"}) {
      for (Path only : new Path[] {root, other}) {
        FakeResponse fresh = new FakeResponse();
        new SendfileResponse(FakeRequest.get("/"), fresh, new SendableFiles(dir, only), Log.NONE)
            .head(200, naming(name));
        assertThat(fresh.text()).as(name).isEqualTo("the report");
      }
    }
  }

  @Test
  void answersHeadPartsAndConditions() {
    FakeResponse head = new FakeResponse();
    new SendfileResponse(FakeRequest.of("HEAD", "/"), head, new SendableFiles(dir, root), Log.NONE)
        .head(200, naming("files/report.pdf"));
    assertThat(head.bytes()).isEmpty();
    assertThat(head.headers().all("Content-Length")).containsExactly("10");

    FakeResponse part = new FakeResponse();
    new SendfileResponse(
            FakeRequest.get("/").header("Range", "bytes=4-"),
            part,
            new SendableFiles(dir, root),
            Log.NONE)
        .head(200, naming("files/report.pdf"));
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("report");

    FakeResponse known = new FakeResponse();
    new SendfileResponse(
            FakeRequest.get("/").header("If-None-Match", "\"v1\""),
            known,
            new SendableFiles(dir, root),
            Log.NONE)
        .head(200, naming("files/report.pdf").set("ETag", "\"v1\""));
    assertThat(known.status()).isEqualTo(304);
  }
}
