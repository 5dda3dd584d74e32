package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.plugin.http.fastcgi.FcgiClient;
import dev.rr.testing.worker.FakePool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that does not read holds no worker, unless PHP streams. */
@Timeout(60)
final class SlowReaderTest {
  private static final String TEMP = "java.io.tmpdir";
  private static final int CHUNK = 64 * 1024;
  private static final int CHUNKS = 320;
  private static final int LENGTH = CHUNKS * CHUNK;

  /** Room for the whole answer, and for hardly anything. */
  private static final long AMPLE = 16L * LENGTH;

  private static final long SCARCE = 1 << 20;

  @TempDir Path folder;
  private final String temp = System.getProperty(TEMP);
  private final AtomicInteger finished = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();

  /** One frame of 20 MB, in pieces as a relay reads it; {@code /stream} is a frame for each. */
  private final FakePool pool =
      new FakePool((request, reply) -> {
        boolean stream = request.context().contains("/stream");
        for (int i = 0; i < CHUNKS; i++) {
          ByteBuffer piece = piece(i);
          long left = (long) LENGTH - (i + 1) * CHUNK;
          ByteBuffer head = FakePool.bytes(i == 0 ? "{\"status\":200,\"headers\":{}}" : "");
          boolean goesOn =
              stream
                  ? reply.frame(8, head, piece, 0, left == 0)
                  : i == 0 ? reply.frame(8, head, piece, left, true) : reply.body(piece, left);
          if (!goesOn) {
            broken.incrementAndGet();
            reply.failed(
                new dev.rr.api.worker.ExecException(
                    dev.rr.api.worker.ExecException.Kind.CANCELLED, "dropped"));
            return;
          }
        }
        finished.incrementAndGet();
      });

  private static ByteBuffer piece(int number) {
    byte[] bytes = new byte[CHUNK];
    java.util.Arrays.fill(bytes, (byte) ('a' + number % 26));
    return ByteBuffer.wrap(bytes);
  }

  @BeforeEach
  void spoolHere() {
    System.setProperty(TEMP, folder.toString());
  }

  @AfterEach
  void restore() {
    System.setProperty(TEMP, temp);
  }

  private long files() {
    try (var all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().startsWith("rr-answer")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void isWhole(InputStream in) throws IOException {
    for (int i = 0; i < CHUNKS; i++) {
      assertThat(in.readNBytes(CHUNK)).isEqualTo(piece(i).array());
    }
  }

  private static Socket narrow(TestServer server) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8 * 1024);
    socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void skipHead(InputStream in) throws IOException {
    int last = 0;
    while (last != 0x0d0a0d0a) {
      last = last << 8 | in.read();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {AMPLE, SCARCE})
  void anAnswerOfOneFrameIsTakenWholeOverHttp1(long budget) throws Exception {
    try (TestServer server = TestServer.with(pool).budget(budget).start();
        Socket client = narrow(server)) {
      send(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      TestServer.await(() -> finished.get() == 1);
      assertThat(files()).isEqualTo(budget == SCARCE ? 1 : 0);
      skipHead(client.getInputStream());
      isWhole(client.getInputStream());
      TestServer.await(() -> files() == 0 && server.plugin().budget().taken() == 0);
      send(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      skipHead(client.getInputStream());
      isWhole(client.getInputStream());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {AMPLE, SCARCE})
  void anAnswerOfOneFrameIsTakenWholeOverHttp2(long budget) throws Exception {
    try (TestServer server = TestServer.with(pool).h2c().budget(budget).start();
        FrameClient client = new FrameClient(server)) {
      client
          .frame(
              FrameClient.HEADERS,
              FrameClient.END_HEADERS | FrameClient.END_STREAM,
              1,
              FrameClient.fields(
                  ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "h"))
          .send();
      TestServer.await(() -> finished.get() == 1);
      assertThat(files()).isEqualTo(budget == SCARCE ? 1 : 0);
      byte[] more = ByteBuffer.allocate(4).putInt(LENGTH).array();
      client.window(LENGTH).frame(FrameClient.WINDOW_UPDATE, 0, 1, more).send();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      FrameClient.Frame frame;
      do {
        frame = client.readUntil(f -> f.type() == FrameClient.DATA);
        all.writeBytes(frame.payload());
      } while (!frame.ends(1));
      assertThat(all.size()).isEqualTo(LENGTH);
      isWhole(new java.io.ByteArrayInputStream(all.toByteArray()));
      TestServer.await(() -> files() == 0 && server.plugin().budget().taken() == 0);
    }
  }

  @Test
  void whileMemoryIsShortAnAnswerThatCameAtOnceWaitsOnDiskForItsWindow() throws Exception {
    String body = "x".repeat(60_000);
    FakePool quick =
        new FakePool(
            (request, reply) -> FakePool.answer(reply, "{\"status\":200,\"headers\":{}}", body));
    long others = SCARCE * 5 / 8;
    try (TestServer server = TestServer.with(quick).h2c().budget(SCARCE).start();
        FrameClient client = new FrameClient(server)) {
      server.plugin().budget().add(others);
      client.frame(FrameClient.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
      for (int stream = 1; stream < 10; stream += 2) {
        client.frame(
            FrameClient.HEADERS,
            FrameClient.END_HEADERS | FrameClient.END_STREAM,
            stream,
            FrameClient.fields(
                ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "h"));
      }
      client.send();
      TestServer.await(() -> files() == 5);
      TestServer.await(() -> server.plugin().budget().taken() < others + body.length());

      byte[] more = ByteBuffer.allocate(4).putInt(body.length()).array();
      client.window(5 * body.length());
      for (int stream = 1; stream < 10; stream += 2) {
        client.frame(FrameClient.WINDOW_UPDATE, 0, stream, more);
      }
      client.send();
      int got = 0;
      for (int ended = 0; ended < 5; ) {
        FrameClient.Frame frame = client.readUntil(f -> f.type() == FrameClient.DATA);
        got += frame.payload().length;
        ended += frame.ends(frame.stream()) ? 1 : 0;
      }
      assertThat(got).isEqualTo(5 * body.length());
      TestServer.await(() -> files() == 0 && server.plugin().budget().taken() == others);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {AMPLE, SCARCE})
  void anAnswerOfOneFrameIsTakenWholeOverFastCgi(long budget) throws Exception {
    try (TestServer server = TestServer.with(pool).fcgi("127.0.0.1:0").budget(budget).start();
        Socket client = narrow(server)) {
      Map<String, String> params =
          Map.of("REQUEST_METHOD", "GET", "REQUEST_URI", "/", "SERVER_PROTOCOL", "HTTP/1.1");
      FcgiClient fcgi = new FcgiClient(client);
      fcgi.begin(1, 1, true).params(1, params).stdin(1, "");
      TestServer.await(() -> finished.get() == 1);
      assertThat(files()).isEqualTo(budget == SCARCE ? 1 : 0);
      byte[] out = fcgi.answer(1).getBytes(StandardCharsets.ISO_8859_1);
      InputStream in = new java.io.ByteArrayInputStream(out);
      skipHead(in);
      isWhole(in);
      TestServer.await(() -> files() == 0 && server.plugin().budget().taken() == 0);
    }
  }

  @Test
  void anAnswerOnDiskIsDeletedWhenItsClientLeaves() throws Exception {
    try (TestServer server = TestServer.with(pool).budget(SCARCE).start()) {
      try (Socket client = narrow(server)) {
        send(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        TestServer.await(() -> finished.get() == 1);
        assertThat(files()).isEqualTo(1);
      }
      TestServer.await(() -> files() == 0 && server.plugin().budget().taken() == 0);
    }
  }

  @Test
  void anAnswerOnDiskWaitsNoLongerThanAWriteMayTake() throws Exception {
    Duration write = Duration.ofMillis(500);
    Duration other = Duration.ofSeconds(20);
    try (TestServer server =
            TestServer.with(pool).budget(SCARCE).timeouts(other, other, write, other).start();
        Socket client = narrow(server)) {
      send(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      TestServer.await(() -> finished.get() == 1);
      TestServer.await(() -> files() == 0);
    }
  }

  @Test
  void aStreamIsHeldUpByItsClientForAsLongAsAWriteMayTake() throws Exception {
    Duration write = Duration.ofMillis(500);
    Duration other = Duration.ofSeconds(20);
    try (TestServer server =
            TestServer.with(pool).budget(AMPLE).timeouts(other, other, write, other).start();
        Socket client = narrow(server)) {
      send(client, "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
      TestServer.await(() -> broken.get() == 1);
      assertThat(finished).hasValue(0);
      TestServer.await(() -> server.plugin().budget().taken() == 0);
    }
  }

  @Test
  void whoReadsNothingIsCutSoonWhileMemoryIsShort() throws Exception {
    try (TestServer server = TestServer.with(pool).budget(2L * LENGTH).start();
        Socket client = narrow(server)) {
      server.plugin().budget().add(LENGTH);
      send(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      TestServer.await(() -> finished.get() == 1);
      TestServer.await(() -> server.plugin().budget().taken() == LENGTH);
    }
  }

  @Test
  void aWriteMayTakeHalfAMinuteUnlessItIsSaidOtherwise() {
    HttpConfig.Timeouts none =
        new HttpConfig.Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    assertThat(none.write()).isEqualTo(Duration.ofSeconds(30));
  }
}
