package dev.rr.plugin.fileserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rr.api.plugin.Deadline;
import dev.rr.plugin.fileserver.FileserverConfig.Directory;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.worker.RecordingLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileserverTest {
  private static final String CLOSE = "Connection: close\r\n\r\n";

  @TempDir Path dir;
  private FileserverPlugin server;
  private int port;
  private final HttpClient client = HttpClient.newHttpClient();
  private final RecordingLog log = new RecordingLog();

  @BeforeEach
  void start() throws Exception {
    Path first = Files.createDirectory(dir.resolve("first"));
    Path second = dir.resolve("second");
    Files.createDirectories(second.resolve("docs"));
    Files.writeString(first.resolve("sample.txt"), "sample\n");
    Files.writeString(first.resolve("with space.txt"), "spaced");
    Files.writeString(second.resolve("sample.txt"), "the second one");
    Files.writeString(second.resolve("only.html"), "<p>second</p>".repeat(500));
    Files.writeString(second.resolve("docs/index.html"), "the index");
    Files.writeString(second.resolve("small.html"), "<p>small</p>");
    Files.write(second.resolve("picture.png"), new byte[5_000]);
    Files.createFile(first.resolve("empty.txt"));
    Files.writeString(first.resolve("a;b\\c.txt"), "odd name");
    Files.writeString(first.resolve("\u00e9t\u00e9.txt"), "summer");
    Files.createSymbolicLink(first.resolve("link.txt"), Path.of("../second/sample.txt"));
    Files.writeString(dir.resolve("secret.txt"), "outside");
    FileserverConfig config =
        new FileserverConfig(
            "127.0.0.1:0",
            true,
            false,
            false,
            List.of(
                new Directory("/foo", "first", false, true, 0, 10),
                new Directory("/foo", "second", true, false, 0, 0)));
    server = plugin(config);
    assertThat(FoundProblems.of(server)).isEmpty();
    server.start();
    port = server.address().getPort();
  }

  private FileserverPlugin plugin(FileserverConfig config) {
    return new FileserverPlugin(
        config, new FakeConfigurer(), new FakeHost(dir, Map.of()), name -> log);
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.stop(Deadline.after(Duration.ofSeconds(5)));
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
    return raw("GET", target, "");
  }

  private String raw(String method, String target, String headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              (method + " " + target + " HTTP/1.1\r\nHost: x\r\n" + headers + CLOSE)
                  .getBytes(StandardCharsets.UTF_8));
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
        .isEqualTo(Arrays.copyOfRange(noise, 1_000_000, 4_999_999));
  }

  @ParameterizedTest
  @CsvSource({
    "/foo/a;b%5Cc.txt, odd name",
    "/foo/a%3Bb\\c.txt, odd name",
    "/foo/%c3%a9t%C3%A9.txt, summer",
    "/foo/\u00e9t\u00e9.txt, summer",
    "/%66oo/docs, the index",
    "/foo%2Fdocs%2findex.html, the index",
    "/foo/none/../docs/./index.html, the index",
    "/bar/../foo/docs/, the index",
    "http://example.com/foo/docs, the index",
    "/foo/link.txt, the second one",
    "/foo/sample.txt?a=/../b, sample"
  })
  void findsAFileUnderEachSpellingOfItsPath(String target, String content) throws Exception {
    assertThat(raw(target)).startsWith("HTTP/1.1 200 ").contains(content);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/foo/%zz", "/foo/%4", "/foo/sample.txt%00", "/foo/%ff.txt", "*"})
  void refusesWhatIsNoPath(String target) throws Exception {
    assertThat(raw(target)).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void saysThatNothingWasFoundInPlainText() throws Exception {
    assertThat(raw("/foo/none.txt"))
        .startsWith("HTTP/1.1 404 Not Found")
        .contains("Content-Type: text/plain; charset=utf-8\r\n")
        .endsWith("\r\n\r\nNot Found");
  }

  @Test
  void answersHeadAsItWouldAnswerGet() throws Exception {
    assertThat(raw("HEAD", "/foo/sample.txt", ""))
        .startsWith("HTTP/1.1 200 ")
        .contains("Content-Length: 7\r\n", "Accept-Ranges: bytes", "ETag: \"7-3541468865\"")
        .endsWith("\r\n\r\n");
    assertThat(raw("HEAD", "/foo/only.html", "Accept-Encoding: gzip\r\n"))
        .startsWith("HTTP/1.1 200 ")
        .contains("Content-Encoding: gzip\r\n", "Vary: Accept-Encoding\r\n")
        .doesNotContain("Content-Length: ")
        .endsWith("\r\n\r\n");
    assertThat(raw("HEAD", "/foo/none.txt", "")).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\n");
  }

  @Test
  void offersRangesWhereTheyAreConfiguredOnly() throws Exception {
    assertThat(get("/foo/sample.txt").headers().firstValue("Accept-Ranges")).contains("bytes");
    assertThat(get("/foo/only.html").headers().firstValue("Accept-Ranges")).isEmpty();
  }

  @Test
  void sendsAnEmptyFileWhateverPartIsAskedFor() throws Exception {
    HttpResponse<byte[]> empty = get("/foo/empty.txt", "Range", "bytes=-3");

    assertThat(empty.statusCode()).isEqualTo(200);
    assertThat(empty.body()).isEmpty();
    assertThat(empty.headers().firstValue("ETag")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'gzip', true",
    "'GZIP', true",
    "'br, gzip;q=0.5', true",
    "'gzip;q=0', false",
    "'gzip ; q=0.000, br', false",
    "'x-gzip', true",
    "'deflate', false"
  })
  void compressesForThoseWhoTakeIt(String accepted, boolean expected) throws Exception {
    HttpResponse<byte[]> response = get("/foo/only.html", "Accept-Encoding", accepted);

    assertThat(response.headers().firstValue("Content-Encoding").isPresent()).isEqualTo(expected);
    assertThat(response.headers().firstValue("Vary")).contains("Accept-Encoding");
  }

  @Test
  void leavesAloneWhatCompressingDoesNotShorten() throws Exception {
    for (String path : List.of("/foo/small.html", "/foo/picture.png")) {
      assertThat(get(path, "Accept-Encoding", "gzip").headers().firstValue("Content-Encoding"))
          .as(path)
          .isEmpty();
    }
  }

  @Test
  void aCompressedAnswerHasAWeakTagThatIsKnownAgain() throws Exception {
    String tag =
        get("/foo/only.html", "Accept-Encoding", "gzip").headers().firstValue("ETag").orElseThrow();

    assertThat(tag).startsWith("W/\"6500-");
    assertThat(get("/foo/only.html", "Accept-Encoding", "gzip", "If-None-Match", tag).statusCode())
        .isEqualTo(304);
  }

  @Test
  void saysNotModifiedSinceTheFilesOwnDate() throws Exception {
    String date = get("/foo/sample.txt").headers().firstValue("Last-Modified").orElseThrow();

    assertThat(get("/foo/sample.txt", "If-Modified-Since", date).statusCode()).isEqualTo(304);
    assertThat(
            get("/foo/sample.txt", "If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void countsAWeakTagOverTheContent() throws Exception {
    stop();
    server =
        plugin(
            new FileserverConfig(
                "127.0.0.1:0",
                true,
                true,
                false,
                List.of(new Directory("/", "first", false, false, -1, 0))));
    assertThat(FoundProblems.of(server)).isEmpty();
    server.start();
    port = server.address().getPort();

    assertThat(raw("/sample.txt"))
        .contains("ETag: W/\"7-3541468865\"\r\n")
        .doesNotContain("Cache-Control");
  }

  @Test
  void warnsOfSecretsThatAnyoneCanRead() throws Exception {
    assertThat(log.with(".env")).isEmpty();
    Files.writeString(dir.resolve("first/.env"), "SECRET=1");

    FoundProblems.of(
        plugin(
            new FileserverConfig(
                "127.0.0.1:0",
                false,
                false,
                false,
                List.of(
                    new Directory("/a", "first", false, false, 0, 0),
                    new Directory("/b", "second", false, false, 0, 0)))));

    assertThat(log.with(".env")).hasSize(1);
    assertThat(log.with("WARN")).singleElement().asString().contains("first/.env", "/a");
  }

  @Test
  void slowReadersStopNobody() throws Exception {
    Files.write(dir.resolve("first/noise.bin"), new byte[20_000_000]);
    // Text that stays long when it is compressed, so that its readers are slow as well.
    byte[] text = new byte[8_000_000];
    new Random(11).nextBytes(text);
    Files.write(dir.resolve("second/text.html"), text);
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        Socket socket = new Socket();
        slow.add(socket);
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        String target = i % 2 == 0 ? "/foo/noise.bin" : "/foo/text.html";
        socket
            .getOutputStream()
            .write(
                ("GET " + target + " HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
      assertThat(get("/foo/sample.txt").statusCode()).isEqualTo(200);
      assertThat(get("/foo/only.html", "Accept-Encoding", "gzip").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void compressesMoreThanOnePiece() throws Exception {
    Files.writeString(dir.resolve("second/text.html"), "<p>text</p>".repeat(100_000));
    HttpResponse<byte[]> zipped = get("/foo/text.html", "Accept-Encoding", "gzip");

    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("<p>text</p>".repeat(100_000));
    }
  }

  @ParameterizedTest
  @CsvSource({"Cache-Control, no-transform", "Range, bytes=0-1"})
  void compressesNothingForThoseWhoAskForTheFileAsItIs(String header, String value)
      throws Exception {
    HttpResponse<byte[]> plain = get("/foo/only.html", "Accept-Encoding", "gzip", header, value);

    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(plain.body()).hasSize(6_500);
  }

  @Test
  void countsTheTagAnewWhenTheFileChanges() throws Exception {
    String first = get("/foo/sample.txt").headers().firstValue("ETag").orElseThrow();
    Files.writeString(dir.resolve("first/sample.txt"), "another sample\n");

    assertThat(get("/foo/sample.txt").headers().firstValue("ETag").orElseThrow())
        .startsWith("\"15-")
        .isNotEqualTo(first);
  }

  @Test
  void finishesWhatIsUnderWayBeforeItStops() throws Exception {
    byte[] noise = new byte[20_000_000];
    new Random(5).nextBytes(noise);
    Files.write(dir.resolve("first/noise.bin"), noise);
    try (Socket slow = new Socket("127.0.0.1", port)) {
      slow.setSoTimeout(10_000);
      slow.getOutputStream()
          .write(
              ("GET /foo/noise.bin HTTP/1.1\r\nHost: x\r\n" + CLOSE)
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(slow.getInputStream().read()).isEqualTo('H');
      CompletableFuture<Void> stopped =
          CompletableFuture.runAsync(() -> {
            try {
              server.stop(Deadline.after(Duration.ofSeconds(20)));
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      byte[] rest = slow.getInputStream().readAllBytes();

      assertThat(rest.length).isGreaterThan(noise.length);
      assertThat(Arrays.copyOfRange(rest, rest.length - noise.length, rest.length))
          .isEqualTo(noise);
      stopped.get(20, TimeUnit.SECONDS);
    }
    assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> raw("/foo/sample.txt"));
  }

  @Test
  void bearsEveryOrderOfStartAndStop() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LifecycleContract.holds(
          () -> plugin(at("127.0.0.1:0")), () -> plugin(at("127.0.0.1:" + taken.getLocalPort())));
    }
  }

  private static FileserverConfig at(String address) {
    return new FileserverConfig(
        address, false, false, false, List.of(new Directory("/", "", false, false, 0, 0)));
  }

  @Test
  void namesThePortThatIsInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      FileserverPlugin second = plugin(at(address));

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(second::start)
          .withMessage(
              "fileserver.address: cannot listen on "
                  + address
                  + ": the address is in use by another program");
    }
  }

  @Test
  void namesEverythingThatIsWrongAtItsKey() throws Exception {
    FileserverConfig wrong =
        new FileserverConfig(
            "nowhere",
            false,
            false,
            false,
            List.of(
                new Directory("/a", "none", false, false, 0, 0),
                new Directory("/b", "first/sample.txt", false, false, 0, 0)));

    assertThat(FoundProblems.of(wrong, "fileserver"))
        .containsExactly(
            "fileserver.address: 'nowhere' is no address: it has no port; allowed are host:port,"
                + " :port and [v6]:port, for example 127.0.0.1:8080");
    assertThat(FoundProblems.of(plugin(wrong)))
        .containsExactly(
            "fileserver.serve[0].root: `" + dir.resolve("none") + "` is not a directory",
            "fileserver.serve[1].root: `"
                + dir.resolve("first/sample.txt")
                + "` is not a directory");
    assertThat(
            FoundProblems.of(new Directory("foo", ".", false, false, 0, 0), "fileserver.serve[2]"))
        .containsExactly("fileserver.serve[2].prefix: must begin with a forward slash, not `foo`");
  }
}
