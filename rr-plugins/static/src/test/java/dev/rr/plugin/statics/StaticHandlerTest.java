package dev.rr.plugin.statics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.log.Log;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticHandlerTest {
  /** The status of the application behind. */
  private static final int APPLICATION = 299;

  @TempDir Path dir;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(dir.resolve("sample.txt"), "sample\n");
    Files.writeString(dir.resolve("index.php"), "<?php secret();");
    Files.writeString(dir.resolve("noextension"), "x");
    Files.writeString(dir.resolve("page.unknown"), "<html></html>");
    Files.writeString(dir.resolve("a b+c.txt"), "spaced");
    Files.createDirectory(dir.resolve("folder.d"));
  }

  private StaticConfig config(List<String> forbid, List<String> allow, boolean etag, boolean weak) {
    Map<String, String> headers = Map.of("X-Served", "yes");
    return new StaticConfig("", forbid, allow, etag, weak, Map.of(), headers);
  }

  private FakeResponse get(StaticConfig config, FakeRequest request) {
    FakeResponse response = new FakeResponse();
    HttpHandler application =
        (req, res) -> {
          res.head(APPLICATION, new HttpHeaders());
          res.end();
        };
    new StaticHandler(config, dir, application, Log.NONE).handle(request, response);
    assertThat(response.ended()).isTrue();
    return response;
  }

  private FakeResponse get(String target) {
    return get(config(List.of(".php", ""), List.of(), false, false), FakeRequest.get(target));
  }

  @Test
  void servesAFileWithItsTypeAndTheConfiguredHeaders() {
    FakeResponse response = get("/sample.txt?v=1");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("sample\n");
    assertThat(response.headers().get("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(response.headers().get("X-Served")).isEqualTo("yes");
  }

  @Test
  void decodesThePathAndKeepsPlus() {
    assertThat(get("/a%20b+c.txt").text()).isEqualTo("spaced");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%C3%A9%20b.txt", "/\u00c3\u00a9%20b.txt"})
  void findsANameWhoseBytesAreEscapedOrNot(String target) throws IOException {
    Files.writeString(dir.resolve("é b.txt"), "accent");
    assertThat(get(target).text()).isEqualTo("accent");
  }

  @Test
  void guessesTheTypeOfAnUnknownExtension() {
    assertThat(get("/page.unknown").headers().get("Content-Type"))
        .isEqualTo("text/html; charset=utf-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/index.php",
        "/INDEX.PHP",
        "/missing.txt",
        "/noextension",
        "/folder.d",
        "/",
        "/http",
        "/bad%zz.txt",
        "/nul%00.txt",
        "/sample%00.txt",
        "/sample.txt/",
        "/sample.txt/more.txt",
        "/%252e%252e/sample.txt",
        "/%c0%ae%c0%ae/sample.txt",
        "/folder.d\\sample.txt",
        "/SAMPLE.txt",
        "/sample.txt%20",
        "/.",
        "/./",
        "/%2e",
        "?sample.txt",
        "*"
      })
  void leavesToTheApplicationWhatItDoesNotServe(String target) {
    assertThat(get(target).status()).isEqualTo(APPLICATION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../sample.txt",
        "/%2e%2e/sample.txt",
        "/%2E./sample.txt",
        "/a..b.txt",
        "/x/..%2fy.txt",
        "/..\\sample.txt",
        "/..%5csample.txt",
        "/%0d.%0a./sample.txt",
        "/x/...txt",
        "http://example.com/../sample.txt"
      })
  void refusesEveryPathWithTwoDots(String target) {
    assertThat(get(target).status()).isEqualTo(403);
  }

  @Test
  void doesNotLeaveTheDirectoryByADoubleSlash() {
    assertThat(get("//etc/hosts.conf").status()).isEqualTo(APPLICATION);
    assertThat(get("//etc/host.conf").status()).isEqualTo(APPLICATION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//sample.txt",
        "/./sample.txt",
        "/%73ample.txt",
        "/sam%0d%0aple.txt",
        "/folder.d%2f/linked.txt",
        "/sample.txt?../..",
        "http://example.com/sample.txt?v=1",
        "HTTPS://example.com:8443/sample.txt"
      })
  void findsAFileWhateverWayItIsWritten(String target) throws IOException {
    Files.createSymbolicLink(dir.resolve("folder.d/linked.txt"), dir.resolve("sample.txt"));

    assertThat(get(target).text()).isEqualTo("sample\n");
  }

  @Test
  void followsLinksOutOfTheDirectoryAsUpstreamDoes(@TempDir Path elsewhere) throws IOException {
    Path target = Files.writeString(elsewhere.resolve("shared"), "from elsewhere");
    Files.createSymbolicLink(dir.resolve("link.txt"), target);
    Files.createSymbolicLink(dir.resolve("dangling.txt"), elsewhere.resolve("none"));
    Files.createSymbolicLink(dir.resolve("round.txt"), dir.resolve("round.txt"));

    assertThat(get("/link.txt").text()).isEqualTo("from elsewhere");
    assertThat(get("/dangling.txt").status()).isEqualTo(APPLICATION);
    assertThat(get("/round.txt").status()).isEqualTo(APPLICATION);
  }

  @Test
  void fillsNoLogWithWhatClientsAskFor() {
    RecordingLog log = new RecordingLog();
    for (String target :
        List.of("/" + "a".repeat(5000) + ".txt", "/sample.txt/b.txt", "/none.txt", "/%00.txt")) {
      FakeResponse response = new FakeResponse();
      new StaticHandler(
              config(List.of(), List.of(), true, false),
              dir,
              (req, res) -> {
                res.head(APPLICATION, new HttpHeaders());
                res.end();
              },
              log)
          .handle(FakeRequest.get(target), response);
      assertThat(response.status()).isEqualTo(APPLICATION);
    }

    assertThat(log.with("WARN")).isEmpty();
  }

  @Test
  void servesDotFilesAsUpstreamDoesUnlessForbidden() throws IOException {
    Files.writeString(dir.resolve(".env"), "SECRET=1");

    assertThat(get("/.env").text()).isEqualTo("SECRET=1");
    StaticConfig careful = config(List.of(".env"), List.of(), false, false);
    assertThat(get(careful, FakeRequest.get("/.env")).status()).isEqualTo(APPLICATION);
    assertThat(get(careful, FakeRequest.get("/.ENV")).status()).isEqualTo(APPLICATION);
  }

  @Test
  void answersEveryMethodAsUpstreamDoesAndSendsNoBodyToHead() {
    StaticConfig any = config(List.of(), List.of(), false, false);

    assertThat(get(any, FakeRequest.of("POST", "/sample.txt")).text()).isEqualTo("sample\n");
    FakeResponse head = get(any, FakeRequest.of("HEAD", "/sample.txt"));
    assertThat(head.bytes()).isEmpty();
    assertThat(head.headers().get("Content-Length")).isEqualTo("7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "bytes=0-2|-|206|sam",
        "bytes=-3|-|206|le",
        "bytes=5-|-|206|e",
        "bytes=0-99|-|206|sample",
        "bytes=7-|-|416|``",
        "bytes=-0|-|416|``",
        "bytes=2-1|-|416|``",
        "lines=0-1|-|200|sample",
        "bytes=0-9223372036854775807|-|206|sample",
        "bytes=0-5,2-6|-|200|sample",
        "bytes=0-2|\"7-3258528983\"|206|sam",
        "bytes=0-2|W/\"7-3258528983\"|200|sample",
        "bytes=0-2|\"other\"|200|sample",
        "bytes=0-2|Thu, 01 Jan 1970 00:00:00 GMT|200|sample"
      })
  void sendsParts(String range, @Nullable String ifRange, int status, String body) {
    FakeRequest request = FakeRequest.get("/sample.txt").header("Range", range);
    if (ifRange != null) {
      request.header("If-Range", ifRange);
    }

    FakeResponse response = get(config(List.of(), List.of(), true, false), request);

    assertThat(response.status()).isEqualTo(status);
    assertThat(response.text().strip()).isEqualTo(body);
  }

  @Test
  void takesNoWeakTagForAPart() {
    FakeRequest request =
        FakeRequest.get("/sample.txt")
            .header("Range", "bytes=0-2")
            .header("If-Range", "W/\"2651801651\"");

    assertThat(get(config(List.of(), List.of(), true, true), request).status()).isEqualTo(200);
  }

  @Test
  void servesOnlyAllowedExtensionsWhenAnyAreListed() {
    StaticConfig onlyText = config(List.of(), List.of(".TXT"), false, false);

    assertThat(get(onlyText, FakeRequest.get("/sample.txt")).status()).isEqualTo(200);
    assertThat(get(onlyText, FakeRequest.get("/page.unknown")).status()).isEqualTo(APPLICATION);
  }

  @Test
  void tagsContentsAsUpstreamDoesAndSaysNotModified() {
    StaticConfig tagged = config(List.of(), List.of(), true, false);

    FakeResponse first = get(tagged, FakeRequest.get("/sample.txt"));
    FakeResponse second =
        get(tagged, FakeRequest.get("/sample.txt").header("If-None-Match", "\"7-3258528983\""));

    assertThat(first.headers().get("ETag")).isEqualTo("\"7-3258528983\"");
    assertThat(second.status()).isEqualTo(304);
    assertThat(second.bytes()).isEmpty();
  }

  @Test
  void tagsNamesWhenWeak() {
    StaticConfig weak = config(List.of(), List.of(), true, true);

    assertThat(get(weak, FakeRequest.get("/sample.txt")).headers().get("ETag"))
        .isEqualTo("W/\"2651801651\"");
  }
}
