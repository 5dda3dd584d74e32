package dev.rr.plugin.http;

import static dev.rr.plugin.http.FrameClient.DATA;
import static dev.rr.plugin.http.FrameClient.END_HEADERS;
import static dev.rr.plugin.http.FrameClient.END_STREAM;
import static dev.rr.plugin.http.FrameClient.HEADERS;
import static dev.rr.plugin.http.FrameClient.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.PoolConfig;
import dev.rr.testing.http.RawClient;
import dev.rr.testing.tls.TestKeys;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hundreds of requests that succeed, fail, stall and break off in every transport, and what the
 * server still holds when all of them are over: nothing.
 */
@Timeout(180)
class LeakTest {
  private static final String TEMP = "java.io.tmpdir";
  private static final Logger DETECTOR = Logger.getLogger(ResourceLeakDetector.class.getName());

  /** What Netty may keep for the next time, beyond what it kept after the first round. */
  private static final long SLACK = 8 * 1024 * 1024;

  @TempDir Path folder;
  private Path dir = Path.of("");
  private final String temp = System.getProperty(TEMP);
  private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
  private final Reports reports = new Reports();

  /** What Netty's leak detector says; it logs as nothing else here does. */
  private static final class Reports extends Handler {
    final List<String> records = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord record) {
      records.add(record.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void watch() throws IOException {
    dir = Files.createDirectory(folder.resolve("files"));
    System.setProperty(TEMP, dir.toString());
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    DETECTOR.addHandler(reports);
    DETECTOR.setUseParentHandlers(false);
  }

  @AfterEach
  void restore() {
    DETECTOR.setUseParentHandlers(true);
    DETECTOR.removeHandler(reports);
    ResourceLeakDetector.setLevel(level);
    System.setProperty(TEMP, temp);
  }

  /** What is held at a moment. */
  private record Held(long descriptors, long threads, long direct) {
    static Held now() {
      // What was dropped is found by the collector, and reported with the next buffers.
      System.gc();
      for (int i = 0; i < 100; i++) {
        ByteBufAllocator.DEFAULT.directBuffer().release();
        ByteBufAllocator.DEFAULT.heapBuffer().release();
      }
      return new Held(
          count(Path.of("/proc/self/fd")),
          Thread.getAllStackTraces().keySet().stream()
              .filter(t -> !t.isDaemon() || t.getName().startsWith("rr-"))
              .count(),
          ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory());
    }

    boolean isNoMoreThan(Held before) {
      return descriptors <= before.descriptors
          && threads <= before.threads
          && direct <= before.direct + SLACK;
    }
  }

  private static long count(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(f -> !f.toString().endsWith(".owner")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void nothingIsHeldOnceEveryRequestIsOver() throws Exception {
    TestKeys.make(folder, "k", "EC");
    HttpConfig.Ssl ssl =
        new HttpConfig.Ssl(
            "127.0.0.1:0",
            false,
            folder.resolve("k.key").toString(),
            folder.resolve("k.crt").toString(),
            "",
            "");
    Duration timeout = Duration.ofSeconds(20);
    try (TestServer server =
            TestServer.with(PhpWorkers.pool(folder, "plain-worker.php", PoolConfig.of(3)))
                .uploads(dir.toString(), List.of(), List.of())
                .h2c()
                .ssl(ssl)
                .maxRequestSize(4)
                .timeouts(timeout, timeout, timeout, timeout)
                .start();
        ExecutorService clients = Executors.newFixedThreadPool(4)) {
      List<Callable<?>> kinds = kinds(server);
      run(clients, kinds, 2);
      settle(server);
      Held before = Held.now();
      run(clients, kinds, 6);
      settle(server);
      Held[] after = {Held.now()};
      TestServer.await(() -> {
        after[0] = Held.now();
        return after[0].isNoMoreThan(before);
      });
      assertThat(reports.records).isEmpty();
      assertThat(server.log()).noneMatch(l -> l.contains("internal server error"));
    }
  }

  @Test
  void aBufferThatIsDroppedWouldBeSeen() throws Exception {
    drop();
    TestServer.await(() -> {
      var unused = Held.now();
      return !reports.records.isEmpty();
    });
    assertThat(reports.records.getFirst()).contains("LEAK");
  }

  private static void drop() {
    for (int i = 0; i < 10; i++) {
      ByteBufAllocator.DEFAULT.directBuffer().writeInt(i);
    }
  }

  private static void run(ExecutorService clients, List<Callable<?>> kinds, int rounds)
      throws Exception {
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      kinds.forEach(kind -> running.add(clients.submit(kind)));
    }
    for (Future<?> one : running) {
      one.get(100, TimeUnit.SECONDS);
    }
  }

  /** Waits until no worker works and no file is left. */
  private void settle(TestServer server) throws Exception {
    TestServer.await(() -> count(dir) == 0);
    TestServer.await(() ->
        server.plugin().pool().workers().size() == 3
            && server.plugin().pool().workers().stream()
                .allMatch(w -> w.statusStr().equals("ready")));
  }

  private static final String BIG = "x".repeat(400_000);
  private static final String UPLOAD =
      "--XX\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\"\r\n\r\n"
          + BIG
          + "\r\n--XX\r\nContent-Disposition: form-data; name=\"b\"; filename=\"b\"\r\n\r\nyyy\r\n";

  private static String post(String path, String fields, String body, int announced) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: h\r\n"
        + fields
        + "Content-Length: "
        + announced
        + "\r\n\r\n"
        + body;
  }

  private static final String MULTIPART = "Content-Type: multipart/form-data; boundary=XX\r\n";

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }

  /** One of each; the order says nothing. */
  private static List<Callable<?>> kinds(TestServer server) throws Exception {
    List<Callable<?>> kinds = new ArrayList<>();
    String whole = UPLOAD + "--XX--\r\n";
    for (String request :
        List.of(
            get("/"),
            get("/").repeat(3),
            get("/large"),
            get("/stream"),
            get("/hints"),
            get("/error"),
            get("/").replace("GET", "HEAD"),
            post("/", "", BIG, BIG.length()),
            post("/", MULTIPART, whole, whole.length()),
            post("/stream", MULTIPART, whole, whole.length()),
            post("/", "", "", 100_000_000),
            post("/", "Content-Length: 3\r\n", "x", 5),
            post("/", "", "a".repeat(100), 100) + "GET / HTTP/1.1\r\nBad Name: x\r\n\r\n",
            "POST / HTTP/1.1\r\n"
                + "Host: h\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "3\r\n"
                + "abc\r\n"
                + "0\r\n"
                + "X: y\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\nabc",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "GET / HTTP/1.1\r\nHo",
            post("/", "", BIG, 2 * BIG.length()),
            post("/", MULTIPART, UPLOAD, 2 * UPLOAD.length()),
            post("/", "Expect: 100-continue\r\n", "", 10),
            "\u0016\u0003\u0001garbage")) {
      kinds.add(() -> plain(server, request, Leave.AFTER_AN_ANSWER));
      kinds.add(() -> plain(server, request, Leave.AT_ONCE));
      kinds.add(() -> plain(server, request, Leave.WITH_A_RESET));
    }
    // Each costs a new worker, which takes its time.
    kinds.add(() -> plain(server, get("/exit"), Leave.AFTER_AN_ANSWER));
    kinds.add(() -> plain(server, post("/exit", "", BIG, BIG.length()), Leave.AT_ONCE));
    SSLContext trusting = trusting();
    for (String request :
        List.of(
            get("/"), get("/large"), get("/stream"), post("/", MULTIPART, whole, whole.length()))) {
      kinds.add(() -> tls(server, trusting, request, true));
      kinds.add(() -> tls(server, trusting, request, false));
    }
    kinds.add(() -> {
      try (Socket socket = new Socket("127.0.0.1", server.lastPort())) {
        socket.getOutputStream().write("no TLS at all\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return null;
      }
    });
    for (String path : List.of("/", "/large", "/stream", "/hints")) {
      for (boolean reset : new boolean[] {false, true}) {
        kinds.add(() -> http2(server, path, "", reset));
        kinds.add(() -> http2(server, path, UPLOAD, reset));
      }
    }
    return kinds;
  }

  private enum Leave {
    AFTER_AN_ANSWER,
    AT_ONCE,
    WITH_A_RESET
  }

  /** Sends it, reads something of the answer or nothing, and goes. */
  private static @org.jspecify.annotations.Nullable Object plain(
      TestServer server, String request, Leave leave) throws Exception {
    try (RawClient client = new RawClient(server.connect())) {
      client.send(request);
      switch (leave) {
        case AFTER_AN_ANSWER -> {
          // A request that is not whole gets its answer, or none, once nothing more can come.
          client.socket().shutdownOutput();
          client.readAll();
        }
        case WITH_A_RESET -> client.socket().setSoLinger(true, 0);
        case AT_ONCE -> {}
      }
    } catch (IOException e) {
      // The server was the first to go.
    }
    return null;
  }

  private static @org.jspecify.annotations.Nullable Object tls(
      TestServer server, SSLContext context, String request, boolean whole) throws Exception {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.lastPort())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"http/1.1"});
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(20_000);
      String last = request.replaceFirst("Host: h\r\n", "Host: h\r\nConnection: close\r\n");
      socket.getOutputStream().write(last.getBytes(StandardCharsets.ISO_8859_1));
      if (whole) {
        var unused = socket.getInputStream().readAllBytes();
      } else {
        var unused = socket.getInputStream().read();
        socket.setSoLinger(true, 0);
      }
    } catch (IOException e) {
      // As above.
    }
    return null;
  }

  private static @org.jspecify.annotations.Nullable Object http2(
      TestServer server, String path, String body, boolean reset) throws Exception {
    try (FrameClient client = new FrameClient(server)) {
      List<String> fields =
          new ArrayList<>(
              List.of(
                  ":method", body.isEmpty() ? "GET" : "POST", ":scheme", "http", ":path", path));
      fields.addAll(List.of(":authority", "h", "content-type", "multipart/form-data; boundary=XX"));
      byte[] head = FrameClient.fields(fields.toArray(String[]::new));
      client
          .frame(HEADERS, END_HEADERS | (body.isEmpty() ? END_STREAM : 0), 1, head)
          .window(9_000_000);
      String sent = body.isEmpty() || reset ? body : body + "--XX--\r\n";
      for (int at = 0; at < sent.length(); at += 16_000) {
        boolean last = at + 16_000 >= sent.length();
        client.frame(
            DATA,
            last && !reset ? END_STREAM : 0,
            1,
            sent.substring(at, Math.min(sent.length(), at + 16_000))
                .getBytes(StandardCharsets.ISO_8859_1));
      }
      client.send();
      if (reset) {
        client.frame(RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8}).send();
      } else {
        client.readUntil(f -> f.stream() == 1 && f.type() <= HEADERS || f.type() == RST_STREAM);
      }
    } catch (IOException e) {
      // As above.
    }
    return null;
  }

  private static SSLContext trusting() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    return context;
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
