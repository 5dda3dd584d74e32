package dev.rr.plugin.http;

import static dev.rr.plugin.http.FrameClient.DATA;
import static dev.rr.plugin.http.FrameClient.END_HEADERS;
import static dev.rr.plugin.http.FrameClient.HEADERS;
import static dev.rr.plugin.http.FrameClient.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.config.StringOrList;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.Middleware;
import dev.rr.api.worker.PoolConfig;
import dev.rr.testing.http.RawClient;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads and spooled bodies: however a request ends, its files are gone. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class CleanUpTest {
  private static final String TEMP = "java.io.tmpdir";
  private static final String BIG = "x".repeat(300_000);

  @TempDir Path folder;
  private Path dir = Path.of("");
  private final String temp = System.getProperty(TEMP);

  /** Uploads and spooled bodies share a folder here, which has to be empty in the end. */
  @BeforeEach
  void makeFolder() throws IOException {
    dir = Files.createDirectory(folder.resolve("files"));
    System.setProperty(TEMP, dir.toString());
  }

  @AfterEach
  void restore() {
    System.setProperty(TEMP, temp);
  }

  private TestServer.Builder with(dev.rr.api.worker.Pool pool) {
    return TestServer.with(pool).uploads(dir.toString(), List.of(".exe"), List.of());
  }

  private TestServer php(PoolConfig config) throws Exception {
    return with(PhpWorkers.pool(folder, "plain-worker.php", config)).start();
  }

  private long files() {
    try (Stream<Path> files = Files.list(dir)) {
      return files.filter(f -> !f.toString().endsWith(".owner")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String file(String name, String file, String content) {
    return "--XX\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"; filename=\""
        + file
        + "\"\r\n\r\n"
        + content
        + "\r\n";
  }

  private static String field(String name, String value) {
    return "--XX\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  }

  private static String head(String path, long length) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
        + "Content-Length: "
        + length
        + "\r\n\r\n";
  }

  private static String whole(String path, String body) {
    return head(path, body.length()) + body;
  }

  /** Sends an upload, checks the answer's first line, and that nothing is left and all goes on. */
  private void answers(TestServer server, String request, String line) throws Exception {
    try (RawClient client = new RawClient(server.connect())) {
      client.send(request);
      assertThat(client.readAnswer()).startsWith(line);
    }
    TestServer.await(() -> files() == 0);
    goesOn(server);
  }

  private static void goesOn(TestServer server) throws Exception {
    try (RawClient client = new RawClient(server.connect())) {
      client.send("GET /on HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
    }
  }

  private static final String TWO =
      file("a", "a.txt", BIG) + file("b", "b.txt", BIG) + field("c", "1") + "--XX--\r\n";

  @Test
  void sweepsWhenTheServerStarts() throws Exception {
    String dead = "0123456789abcdef";
    for (String name : List.of(".rr-" + dead + ".owner", "upload-" + dead + "-1", "kept")) {
      Files.writeString(dir.resolve(name), "x");
    }
    try (TestServer server = with(HttpWorkers.echoingBody()).start()) {
      assertThat(server.log())
          .anyMatch(l -> l.contains("a server that was killed") && l.contains("files=1"));
    }
    try (Stream<Path> left = Files.list(dir)) {
      assertThat(left).containsExactly(dir.resolve("kept"));
    }
  }

  @Test
  void afterAnAnswer() throws Exception {
    try (TestServer server = php(PoolConfig.of(1))) {
      for (String path : List.of("/", "/stream", "/hints", "/large")) {
        answers(server, whole(path, TWO), "HTTP/1.1 " + (path.equals("/hints") ? 103 : 200));
      }
    }
  }

  @Test
  void afterTheApplicationFailedOrDied() throws Exception {
    try (TestServer server = php(PoolConfig.of(1))) {
      answers(server, whole("/error", TWO), "HTTP/1.1 500 ");
      answers(server, whole("/exit", TWO), "HTTP/1.1 500 ");
    }
  }

  @Test
  void afterTheApplicationTookTooLong() throws Exception {
    PoolConfig.Supervisor supervisor =
        new PoolConfig.Supervisor(
            Duration.ofMillis(50),
            Duration.ZERO,
            Duration.ZERO,
            // The request that is answered afterwards has to do with it as well.
            Duration.ofSeconds(3),
            0);
    PoolConfig config =
        new PoolConfig(
            false,
            StringOrList.EMPTY,
            1,
            0,
            0,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Optional.of(supervisor),
            Optional.empty());
    try (TestServer server = php(config)) {
      answers(server, whole("/hang", TWO), "HTTP/1.1 500 ");
    }
  }

  @Test
  void whatTheApplicationMovedAwayStays() throws Exception {
    try (TestServer server = php(PoolConfig.of(1))) {
      answers(server, whole("/move", TWO), "HTTP/1.1 200 ");
      assertThat(folder.resolve("moved-a.txt")).hasSize(BIG.length());
      assertThat(folder.resolve("moved-b.txt")).hasSize(BIG.length());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void afterTheClientLeftInTheMiddleOfTheSecondFile(boolean reset) throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = with(pool).start()) {
      try (RawClient client = new RawClient(server.connect())) {
        client.send(head("/", 2_000_000) + file("a", "a", BIG) + file("b", "b", BIG));
        TestServer.await(() -> files() == 2);
        client.socket().setSoLinger(reset, 0);
      }
      TestServer.await(() -> files() == 0);
      assertThat(pool.requests()).isEmpty();
      goesOn(server);
    }
  }

  @Test
  void afterAStreamOfHttp2WasResetInTheMiddleOfTheSecondFile() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = with(pool).h2c().start();
        FrameClient client = new FrameClient(server)) {
      client.frame(
          HEADERS,
          END_HEADERS,
          1,
          FrameClient.fields(
              ":method",
              "POST",
              ":scheme",
              "http",
              ":path",
              "/",
              ":authority",
              "h",
              "content-type",
              "multipart/form-data; boundary=XX"));
      String begun =
          file("a", "a", "x".repeat(10_000))
              + "--XX\r\nContent-Disposition: form-data;"
              + " name=\"b\"; filename=\"b\"\r\n\r\nyyyy";
      client.frame(DATA, 0, 1, begun.getBytes(StandardCharsets.ISO_8859_1)).send();
      TestServer.await(() -> files() >= 1);
      client.frame(RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8}).send();
      TestServer.await(() -> files() == 0);
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void afterTheClientLeftWhileTheApplicationWorked() throws Exception {
    CountDownLatch leave = new CountDownLatch(1);
    FakePool pool =
        new FakePool((request, reply) -> {
          assertThat(leave.await(20, TimeUnit.SECONDS)).isTrue();
          // What the application is still to read is still there.
          reply.frame(
              8,
              FakePool.bytes("{\"status\":200}"),
              FakePool.bytes(files() == 2 ? "there" : "gone"),
              0,
              true);
        });
    try (TestServer server = with(pool).start()) {
      try (RawClient client = new RawClient(server.connect())) {
        client.send(whole("/", TWO));
        TestServer.await(() -> pool.requests().size() == 1);
      }
      TestServer.await(() -> pool.requests().getFirst().canceller().isCancelled());
      assertThat(files()).isEqualTo(2);
      leave.countDown();
      TestServer.await(() -> files() == 0);
    }
  }

  @Test
  void afterBodiesThatAreRefused() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = with(pool).maxRequestSize(2).maxFormSize(1).start()) {
      String one = file("a", "a", BIG);
      answers(server, whole("/", one + "--XX\r\nno header line"), "HTTP/1.1 400 ");
      answers(server, whole("/", one + file("a[x]", "b", BIG) + "--XX--\r\n"), "HTTP/1.1 400 ");
      answers(
          server,
          whole("/", one + field("f", "1") + field("f[x]", "1") + "--XX--\r\n"),
          "HTTP/1.1 400 ");
      answers(server, whole("/?a;b", one + "--XX--\r\n"), "HTTP/1.1 400 ");
      answers(server, whole("/", one), "HTTP/1.1 400 ");
      answers(
          server,
          whole("/", one + field("f", "x".repeat(1_100_000)) + "--XX--\r\n"),
          "HTTP/1.1 413 ");
      answers(server, whole("/", file("f", "f", "y").repeat(1001) + "--XX--\r\n"), "HTTP/1.1 400 ");
      String chunk = Integer.toHexString(BIG.length()) + "\r\n" + BIG + "\r\n";
      answers(
          server,
          "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n"
              + Integer.toHexString(one.length())
              + "\r\n"
              + one
              + "\r\n"
              + chunk.repeat(6),
          "HTTP/1.1 413 ");
      assertThat(pool.requests()).allMatch(r -> r.context().contains("/on"));
    }
  }

  /** A request whose target, or whose client's address, cannot be had: for want of anything. */
  private static Middleware failingAt(String method) {
    return next ->
        (request, response) -> {
          AtomicBoolean fails = new AtomicBoolean(request.headers().contains("X-Fail"));
          next.handle(
              (HttpRequest)
                  Proxy.newProxyInstance(
                      HttpRequest.class.getClassLoader(),
                      new Class<?>[] {HttpRequest.class},
                      (proxy, called, arguments) -> {
                        if (called.getName().equals(method) && fails.getAndSet(false)) {
                          throw method.equals("target")
                              ? new StackOverflowError("as a test wants it")
                              : new IllegalStateException("as a test wants it");
                        }
                        return called.invoke(request, arguments);
                      }),
              response);
        };
  }

  /** The error comes while a form is parsed, and while its context is written for a worker. */
  @ParameterizedTest
  @ValueSource(strings = {"target", "remoteAddress"})
  void afterAnErrorOfAnyKind(String method) throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = with(pool).middleware("failing", failingAt(method)).start()) {
      answers(server, failing("multipart/form-data; boundary=XX", TWO), "HTTP/1.1 500 ");
      answers(
          server,
          failing("application/x-www-form-urlencoded", "a=" + "x".repeat(100_000)),
          "HTTP/1.1 500 ");
      answers(server, failing("application/x-www-form-urlencoded", "a=1"), "HTTP/1.1 500 ");
      answers(server, failing("text/plain", BIG), "HTTP/1.1 500 ");
      answers(server, failing("text/plain", "x"), "HTTP/1.1 500 ");
      assertThat(server.log()).anyMatch(l -> l.contains("as a test wants it"));
    }
  }

  private static String failing(String type, String body) {
    return "POST / HTTP/1.1\r\nHost: h\r\nX-Fail: 1\r\nContent-Type: "
        + type
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void afterAThousandParts() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = with(pool).start()) {
      answers(
          server, whole("/", file("f[]", "f", "y").repeat(1000) + "--XX--\r\n"), "HTTP/1.1 200 ");
    }
  }

  @Test
  void afterABodyThatCameTooSlowly() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    Duration read = Duration.ofMillis(400);
    Duration other = Duration.ZERO;
    try (TestServer server = with(pool).timeouts(other, read, other, other).start()) {
      answers(server, head("/", 2_000_000) + file("a", "a", BIG), "HTTP/1.1 408 ");
      answers(
          server,
          "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n" + BIG,
          "HTTP/1.1 408 ");
    }
  }

  @Test
  void afterTheServerStoppedInTheMiddle() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = with(pool).start();
        RawClient client = new RawClient(server.connect());
        RawClient raw = new RawClient(server.connect())) {
      client.send(head("/", 2_000_000) + file("a", "a", BIG));
      raw.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n" + BIG);
      TestServer.await(() -> files() == 2);
      server.stop(Duration.ofMillis(300));
      TestServer.await(() -> files() == 0);
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void ofARawBodyThatTheClientDidNotFinish() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = with(pool).start()) {
      try (RawClient client = new RawClient(server.connect())) {
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n" + BIG);
        TestServer.await(() -> files() == 1);
      }
      TestServer.await(() -> files() == 0);
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void whenTheDiskIsFull() throws Exception {
    Assumptions.assumeTrue(mountsSmallDisk(), "not run: this user cannot mount a small disk");
    try (TestServer server = php(PoolConfig.of(1))) {
      String body = file("a", "a", BIG) + file("b", "b", "y".repeat(3_000_000)) + "--XX--\r\n";
      try (RawClient client = new RawClient(server.connect())) {
        client.send(whole("/files", body));
        assertThat(client.readAnswer())
            .startsWith("HTTP/1.1 200 ")
            .contains("\"name\":\"a\",\"mime\":\"\",\"size\":300000,\"error\":0")
            .containsPattern("\"name\":\"b\",\"mime\":\"\",\"size\":\\d+,\"error\":7");
      }
      TestServer.await(() -> files() == 0);
      Path large = Files.writeString(folder.resolve("large"), "z".repeat(10_000_000));
      assertThat(run("curl", "-sS", "-i", "-T", large.toString(), server.uri("/").toString()))
          .contains("HTTP/1.1 500 ")
          .endsWith("serve_http: the body could not be stored\n");
      assertThat(server.log()).anyMatch(l -> l.startsWith("ERROR") && l.contains("No space left"));
      TestServer.await(() -> files() == 0);
      goesOn(server);
      TestServer.await(() -> !holdsFiles());
    } finally {
      // Lazily: a process that is about to start may look in for a moment.
      run("umount", "-l", dir.toString());
    }
  }

  /** Puts a disk of one megabyte where the files go; needs root, and a container that lets it. */
  private boolean mountsSmallDisk() throws Exception {
    Process process =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", dir.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() == 0;
  }

  /** Whether this process has anything in the folder open. */
  private boolean holdsFiles() {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.anyMatch(this::isInFolder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isInFolder(Path descriptor) {
    try {
      Path open = Files.readSymbolicLink(descriptor);
      return open.startsWith(dir) && !open.toString().endsWith(".owner");
    } catch (IOException e) {
      // Closed meanwhile.
      return false;
    }
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return out;
  }
}
