package dev.rr.plugin.http;

import static dev.rr.plugin.http.FrameClient.DATA;
import static dev.rr.plugin.http.FrameClient.END_HEADERS;
import static dev.rr.plugin.http.FrameClient.END_STREAM;
import static dev.rr.plugin.http.FrameClient.HEADERS;
import static dev.rr.plugin.http.FrameClient.PROTOCOL_ERROR;
import static dev.rr.plugin.http.FrameClient.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.FakePool;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames by hand, for what well-behaved clients never send. */
@Timeout(60)
class Http2GuardTest {
  private static final int FLOW_CONTROL_ERROR = 3;
  private static final int STREAM_CLOSED = 5;
  private static final int CANCEL = 8;
  private static final int ENHANCE_YOUR_CALM = 11;

  private static final int GET = END_STREAM | END_HEADERS;

  /** {@code GET http://x/}, from HPACK's static table. */
  private static final byte[] FIELDS = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'x'};

  private static final byte[] POST = {(byte) 0x83, (byte) 0x86, (byte) 0x84, 0x41, 1, 'x'};

  private static TestServer server(FakePool pool) throws Exception {
    return TestServer.with(pool).h2c().start();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100_000})
  void servesFramesInWhateverPiecesTheyCome(int size) throws Exception {
    try (TestServer server = server(HttpWorkers.echoingContext());
        FrameClient client = new FrameClient(server)) {
      client.frame(HEADERS, GET, 1, FIELDS).window(1000).frame(HEADERS, GET, 9, FIELDS).send(size);
      client.readUntil(f -> f.ends(1) || f.ends(9));
      client.readUntil(f -> f.ends(1) || f.ends(9));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {DATA, HEADERS})
  void resetsAStreamWhoseClientSpeaksOnAfterItsEnd(int type) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    FakePool pool =
        new FakePool((request, reply) -> {
          asked.countDown();
          over.await();
          FakePool.answer(reply, "{\"status\":200,\"headers\":{}}", "late");
        });
    try (TestServer server = server(pool);
        FrameClient client = new FrameClient(server)) {
      client.frame(HEADERS, GET, 1, FIELDS).send();
      asked.await();
      client.frame(type, GET, 1, FIELDS).send();
      FrameClient.Frame reset = client.readUntil(f -> f.type() == RST_STREAM && f.stream() == 1);
      over.countDown();
      assertThat(reset.code()).isEqualTo(STREAM_CLOSED);
      // The others live on.
      client.frame(HEADERS, GET, 3, FIELDS).send();
      client.readUntil(f -> f.ends(3));
    } finally {
      over.countDown();
    }
  }

  @Test
  void endsAConnectionWithAHeadOnAStreamThatHasEnded() throws Exception {
    try (TestServer server = server(HttpWorkers.echoingContext());
        FrameClient client = new FrameClient(server)) {
      client.frame(HEADERS, GET, 1, FIELDS).send().readUntil(f -> f.ends(1));
      client.frame(HEADERS, GET, 1, FIELDS).send();
      assertThat(client.goAwayError()).isEqualTo(STREAM_CLOSED);
    }
  }

  @Test
  void endsAConnectionWhoseStreamsGoBackwards() throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server = server(pool);
        FrameClient client = new FrameClient(server)) {
      client.frame(HEADERS, GET, 5, FIELDS).frame(HEADERS, GET, 3, FIELDS).send();
      assertThat(client.goAwayError()).isEqualTo(PROTOCOL_ERROR);
    }
    assertThat(pool.requests()).hasSizeLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100_000})
  void saysThatTheWindowOverflows(int size) throws Exception {
    try (TestServer server = server(HttpWorkers.echoingContext());
        FrameClient client = new FrameClient(server)) {
      // With what there is at first it is too much; after that no byte may be sent, as the server
      // closes.
      client.window(Integer.MAX_VALUE).send(size);
      assertThat(client.goAwayError()).isEqualTo(FLOW_CONTROL_ERROR);
    }
  }

  @Test
  void takesAWindowAsWideAsItMayBe() throws Exception {
    try (TestServer server = server(HttpWorkers.echoingContext());
        FrameClient client = new FrameClient(server)) {
      client.window(Integer.MAX_VALUE - 65_535).frame(HEADERS, GET, 1, FIELDS).send();
      client.readUntil(f -> f.ends(1));
    }
  }

  @Test
  void answersABodyThatTakesTooLong() throws Exception {
    try (TestServer server = hasty(HttpWorkers.echoingBody());
        FrameClient client = new FrameClient(server)) {
      client.frame(HEADERS, END_HEADERS, 1, POST).frame(DATA, 0, 1, (byte) 'a').send();
      FrameClient.Frame answer = client.readUntil(f -> f.type() == HEADERS && f.stream() == 1);
      // :status with its value in text, as HPACK's table has no 408.
      assertThat(new String(answer.payload(), StandardCharsets.ISO_8859_1)).contains("408");
      client.frame(HEADERS, GET, 3, FIELDS).send().readUntil(f -> f.ends(3));
    }
  }

  @Test
  void endsAConnectionWhoseHeadTakesTooLong() throws Exception {
    try (TestServer server = hasty(HttpWorkers.echoingBody());
        FrameClient client = new FrameClient(server)) {
      client.frame(HEADERS, END_STREAM, 1, FIELDS).send();
      assertThat(client.goAwayError()).isEqualTo(ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void resetsAStreamWhoseAnswerIsNotRead() throws Exception {
    FakePool pool = FakePool.answering("{\"status\":200,\"headers\":{}}", "x".repeat(100_000));
    try (TestServer server = hasty(pool);
        FrameClient client = new FrameClient(server)) {
      client.frame(HEADERS, GET, 1, FIELDS).send();
      FrameClient.Frame reset = client.readUntil(f -> f.type() == RST_STREAM && f.stream() == 1);
      assertThat(reset.code()).isEqualTo(CANCEL);
    }
  }

  private static TestServer hasty(FakePool pool) throws Exception {
    // The client has to be quicker.
    Duration limit = Duration.ofMillis(500);
    return TestServer.with(pool).h2c().timeouts(limit, limit, limit, Duration.ofMinutes(1)).start();
  }

  @Test
  void aConnectionOfTooManyLargeHeadsIsEnded() throws Exception {
    // An entry of the compression table, which heads name again and again.
    byte[] entry = FrameClient.fields("x", "y".repeat(4000));
    entry[0] = 0x40;
    byte[] repeated = new byte[20];
    Arrays.fill(repeated, (byte) 0xbe);
    try (TestServer server = server(FakePool.answering("{\"status\":200,\"headers\":{}}", "ok"));
        FrameClient client = new FrameClient(server)) {
      for (int i = 0; i < 8; i++) {
        client.frame(HEADERS, GET, 2 * i + 1, block(i == 0 ? entry : new byte[0], repeated)).send();
        int stream = 2 * i + 1;
        client.readUntil(f -> f.ends(stream));
      }
      client.frame(HEADERS, GET, 17, block(new byte[0], repeated)).send();
      assertThat(client.goAwayError()).isEqualTo(ENHANCE_YOUR_CALM);
    }
  }

  private static byte[] block(byte[]... parts) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(
        FrameClient.fields(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "h"));
    for (byte[] part : parts) {
      block.writeBytes(part);
    }
    return block.toByteArray();
  }
}
