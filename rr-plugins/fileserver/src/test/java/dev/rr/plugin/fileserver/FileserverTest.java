package dev.rr.plugin.fileserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.log.Log;
import dev.rr.plugin.fileserver.FileserverConfig.Directory;
import io.undertow.Undertow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileserverTest {
  @TempDir Path dir;
  private Undertow server;
  private int port;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws IOException {
    Path first = Files.createDirectory(dir.resolve("first"));
    Path second = dir.resolve("second");
    Files.createDirectories(second.resolve("docs"));
    Files.writeString(first.resolve("sample.txt"), "sample\n");
    Files.writeString(first.resolve("with space.txt"), "spaced");
    Files.writeString(second.resolve("sample.txt"), "the second one");
    Files.writeString(second.resolve("only.html"), "<p>second</p>".repeat(500));
    Files.writeString(second.resolve("docs/index.html"), "the index");
    Files.writeString(dir.resolve("secret.txt"), "outside");
    FileserverConfig config =
        new FileserverConfig(
            ":0",
            true,
            false,
            false,
            List.of(
                new Directory("/foo", "first", false, true, 0, 10),
                new Directory("/foo", "second", true, false, 0, 0)));
    server =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1", new FileserverHandler(config, dir, Log.NONE))
            .build();
    server.start();
    port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
  }

  @AfterEach
  void stop() {
    server.stop();
    client.close();
  }

  private HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @Test
  void servesAFileWithUpstreamsTagAndThenSaysNotModified() throws Exception {
    HttpResponse<byte[]> first = get("/foo/sample.txt");
    HttpResponse<byte[]> again = get("/foo/sample.txt", "If-None-Match", "\"7-3541468865\"");

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(text(first)).isEqualTo("sample\n");
    assertThat(first.headers().firstValue("ETag")).contains("\"7-3541468865\"");
    assertThat(first.headers().firstValue("Cache-Control")).contains("public, max-age=10");
    assertThat(first.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
    assertThat(again.statusCode()).isEqualTo(304);
  }

  @Test
  void matchesThePrefixWithoutRegardToCaseAndOnlyAtASlash() throws Exception {
    assertThat(get("/FOO/sample.txt").statusCode()).isEqualTo(200);
    assertThat(get("/foobar/sample.txt").statusCode()).isEqualTo(404);
    assertThat(get("/foo/with%20space.txt").statusCode()).isEqualTo(200);
  }

  @Test
  void goesOnToTheNextDirectoryAndFindsAnIndex() throws Exception {
    assertThat(get("/foo/only.html").statusCode()).isEqualTo(200);
    assertThat(text(get("/foo/docs/"))).isEqualTo("the index");
    assertThat(get("/foo/none.txt").statusCode()).isEqualTo(404);
  }

  @Test
  void answersRangesWhereTheyAreConfiguredOnly() throws Exception {
    HttpResponse<byte[]> part = get("/foo/sample.txt", "Range", "bytes=1-3");
    HttpResponse<byte[]> whole = get("/foo/only.html", "Range", "bytes=1-3");

    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(text(part)).isEqualTo("amp");
    assertThat(whole.statusCode()).isEqualTo(200);
  }

  @Test
  void compressesWhereItIsConfigured() throws Exception {
    HttpResponse<byte[]> zipped = get("/foo/only.html", "Accept-Encoding", "gzip");
    HttpResponse<byte[]> plain = get("/foo/sample.txt", "Accept-Encoding", "gzip");

    assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(zipped.body().length).isLessThan(1000);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("<p>second</p>".repeat(500));
    }
    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
  }

  @Test
  void doesNotLeaveItsDirectories() throws Exception {
    for (String target :
        List.of(
            "/foo/../secret.txt",
            "/foo/%2e%2e/secret.txt",
            "/foo//secret.txt",
            "/foo/..%2fsecret.txt",
            "/foo/" + dir + "/secret.txt")) {
      assertThat(raw(target)).as(target).doesNotContain("outside").contains(" 404 ");
    }
  }

  private String raw(String target) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(5_000);
      socket
          .getOutputStream()
          .write(
              ("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void refusesOtherMethods() throws Exception {
    HttpRequest post =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/foo/sample.txt"))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();

    assertThat(client.send(post, BodyHandlers.discarding()).statusCode()).isEqualTo(405);
  }

  @Test
  void sendsALargeFileWhole() throws Exception {
    byte[] noise = new byte[5_000_001];
    new Random(3).nextBytes(noise);
    Files.write(dir.resolve("first/noise.bin"), noise);

    assertThat(get("/foo/noise.bin").body()).isEqualTo(noise);
    assertThat(get("/foo/noise.bin", "Range", "bytes=1000000-4999998").body())
        .isEqualTo(java.util.Arrays.copyOfRange(noise, 1_000_000, 4_999_999));
  }
}
