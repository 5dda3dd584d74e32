package dev.rr.plugin.statics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.log.Log;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
        "/nul%00.txt"
      })
  void leavesToTheApplicationWhatItDoesNotServe(String target) {
    assertThat(get(target).status()).isEqualTo(APPLICATION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/../../sample.txt", "/%2e%2e/sample.txt", "/a..b.txt", "/x/..%2fy.txt"})
  void refusesEveryPathWithTwoDots(String target) {
    assertThat(get(target).status()).isEqualTo(403);
  }

  @Test
  void doesNotLeaveTheDirectoryByADoubleSlash() {
    assertThat(get("//etc/hosts.conf").status()).isEqualTo(APPLICATION);
    assertThat(get("//etc/host.conf").status()).isEqualTo(APPLICATION);
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

  @Test
  void tagsAChangedFileAnew() throws IOException {
    EntityTags tags = new EntityTags();
    Path file = dir.resolve("sample.txt");
    var before = Files.getLastModifiedTime(file).toInstant();

    assertThat(tags.strong(file, 7, before)).isEqualTo("\"7-3258528983\"");
    Files.writeString(file, "hello world");
    assertThat(tags.strong(file, 11, before.plusSeconds(1))).isEqualTo("\"11-4225329227\"");
  }

  @Test
  void tagsNoEmptyFile() throws IOException {
    Path empty = Files.writeString(dir.resolve("empty.txt"), "");

    assertThat(new EntityTags().strong(empty, 0, java.time.Instant.EPOCH)).isEmpty();
  }
}
