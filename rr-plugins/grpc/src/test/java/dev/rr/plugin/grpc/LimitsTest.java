package dev.rr.plugin.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients may not do, and what a server does to those that do it. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class LimitsTest {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;

  @TempDir Path folder;

  private static final FakePool.Worker ECHO =
      (request, reply) -> FakePool.answer(reply, "{}", request.text());

  @Test
  void moreCallsThanAConnectionMayHaveWaitAtTheClient() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch goOn = new CountDownLatch(1);
    try (TestGrpc server =
        TestGrpc.start(
            folder,
            "max_concurrent_streams: 2",
            (request, reply) -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
              running.decrementAndGet();
              FakePool.answer(reply, "{}", "x");
            })) {
      Client client = server.client();
      // The first call knows no limit yet; its answer comes behind it.
      List<Client.Call> calls = new ArrayList<>();
      calls.add(client.ping(""));
      Await.until("the first call", () -> running.get() == 1);
      for (int i = 0; i < 4; i++) {
        calls.add(client.ping(""));
      }
      Await.until("two calls", () -> running.get() == 2);
      goOn.countDown();
      for (Client.Call call : calls) {
        assertThat(call.outcome()).isEqualTo("x");
      }
      assertThat(most.get()).isEqualTo(2);
    }
  }

  @Test
  void aMessageThatFindsNoRoomIsRefusedAndTheRoomIsGivenBack() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger running = new AtomicInteger();
    FakePool pool =
        new FakePool((request, reply) -> {
          running.incrementAndGet();
          assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
          FakePool.answer(reply, "{}", "x");
        });
    try (TestGrpc server = new TestGrpc(folder, "", pool, null).holding(1 << 20).start()) {
      Client client = server.client();
      String large = "x".repeat(700_000);
      Client.Call first = client.ping(large);
      Await.until("the first call", () -> running.get() == 1);
      assertThat(client.ping(large).outcome())
          .isEqualTo(
              "RESOURCE_EXHAUSTED: the server holds as many messages as it may, try again later");
      goOn.countDown();
      assertThat(first.outcome()).isEqualTo("x");
      Await.until("room", () -> isOk(client.ping(large)));
    }
  }

  @Test
  void aMessageThatUnpacksToMoreThanThereIsRoomForIsRefused() throws Exception {
    FakePool pool = new FakePool(ECHO);
    try (TestGrpc server = new TestGrpc(folder, "", pool, null).holding(4 << 20).start()) {
      Client client = server.client();
      CallOptions gzip = CallOptions.DEFAULT.withCompression("gzip");
      assertThat(client.ping("x".repeat(40 << 20), new Metadata(), gzip).outcome())
          .isEqualTo(
              "RESOURCE_EXHAUSTED: the server holds as many messages as it may, try again later");
      assertThat(pool.requests()).isEmpty();
      assertThat(client.ping("x".repeat(1 << 20), new Metadata(), gzip).outcome()).hasSize(1 << 20);
    }
  }

  @Test
  void metadataThatFindsNoRoomIsRefused() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    FakePool pool =
        new FakePool((request, reply) -> {
          assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
          FakePool.answer(reply, "{}", "x");
        });
    try (TestGrpc server =
        new TestGrpc(folder, "max_concurrent_streams: 100", pool, null).holding(1 << 20).start()) {
      Client client = server.client();
      Metadata large = new Metadata();
      large.put(Client.text("x"), "y".repeat(60_000));
      List<Client.Call> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(client.ping("", large, CallOptions.DEFAULT));
      }
      assertThat(calls.getLast().outcome()).startsWith("RESOURCE_EXHAUSTED: the server holds as");
      goOn.countDown();
      assertThat(calls.getFirst().outcome()).isEqualTo("x");
      Await.until("room", () -> isOk(client.ping("", large, CallOptions.DEFAULT)));
    }
  }

  private static boolean isOk(Client.Call call) {
    try {
      return call.status().isOk();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void metadataThatIsTooLargeIsRefused() throws Exception {
    try (TestGrpc server = TestGrpc.start(folder, "", ECHO)) {
      Client client = server.client();
      Metadata fits = new Metadata();
      fits.put(Client.text("x"), "y".repeat(60_000));
      assertThat(client.ping("a", fits, CallOptions.DEFAULT).outcome()).isEqualTo("a");
      Metadata large = new Metadata();
      large.put(Client.text("x"), "y".repeat(100_000));
      assertThat(client.ping("a", large, CallOptions.DEFAULT).status().isOk()).isFalse();
      assertThat(server.client().ping("b").outcome()).isEqualTo("b");
    }
  }

  @Test
  void manyDeadlinesThatPassLeaveNothingBehind() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    FakePool pool =
        new FakePool((request, reply) -> {
          if (request.text().equals("wait")) {
            boolean unused = goOn.await(30, TimeUnit.SECONDS);
          }
          FakePool.answer(reply, "{}", "x");
        });
    try (TestGrpc server =
        new TestGrpc(folder, "max_concurrent_streams: 1000", pool, null).start()) {
      Client client = server.client();
      List<Client.Call> calls = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        calls.add(
            client.ping(
                "wait",
                new Metadata(),
                CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.MILLISECONDS)));
      }
      for (Client.Call call : calls) {
        assertThat(call.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      }
      goOn.countDown();
      assertThat(client.ping("").outcome()).isEqualTo("x");
    }
  }

  /** Frames by hand: what no library sends. */
  private static final class Raw implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;

    Raw(TestGrpc server) throws IOException {
      socket = new Socket("127.0.0.1", server.address().getPort());
      socket.setSoTimeout(30_000);
      in = new DataInputStream(socket.getInputStream());
      socket.getOutputStream().write(PREFACE.getBytes(StandardCharsets.US_ASCII));
      frame(SETTINGS, 0, 0, new byte[0]);
    }

    void frame(int type, int flags, int stream, byte[] payload) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(payload.length >> 16);
      out.write(payload.length >> 8);
      out.write(payload.length);
      out.write(type);
      out.write(flags);
      out.write(new byte[] {0, 0, (byte) (stream >> 8), (byte) stream});
      out.write(payload);
      socket.getOutputStream().write(out.toByteArray());
    }

    /** The windows of streams that begin. */
    void windows(int bytes) throws IOException {
      byte[] setting = ByteBuffer.allocate(6).putShort((short) 4).putInt(bytes).array();
      frame(SETTINGS, 0, 0, setting);
    }

    /** A call with an empty message. */
    void call(int stream) throws IOException {
      frame(HEADERS, 4, stream, head());
      frame(DATA, 1, stream, new byte[5]);
    }

    /** Lets so many bytes more come. */
    void open(int stream, int bytes) throws IOException {
      frame(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    /** Reads until the server ends the connection; the types of its frames. */
    List<Integer> rest() throws IOException {
      List<Integer> types = new ArrayList<>();
      try {
        while (true) {
          int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
          types.add(in.readUnsignedByte());
          in.skipNBytes(5L + length);
        }
      } catch (SocketTimeoutException e) {
        throw new AssertionError("the connection stays open", e);
      } catch (IOException end) {
        return types;
      }
    }

    /** Reads until so many calls have ended, in whatever way. */
    void awaitEnds(int calls) throws IOException {
      Set<Integer> ended = new HashSet<>();
      while (ended.size() < calls) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        boolean last = (in.readUnsignedByte() & 1) != 0;
        int stream = in.readInt();
        in.skipNBytes(length);
        if (type == RST_STREAM || (type == HEADERS || type == DATA) && last) {
          ended.add(stream);
        }
      }
    }

    /** Reads until a frame of a type comes. */
    void awaitFrame(int wanted) throws IOException {
      int type;
      do {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        type = in.readUnsignedByte();
        in.skipNBytes(5L + length);
      } while (type != wanted);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** A request's head without HPACK's tables: each field as literals. */
  private static byte[] head(String path, String contentType) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String[] fields = {
      ":method",
      "POST",
      ":scheme",
      "http",
      ":path",
      path,
      ":authority",
      "a",
      "te",
      "trailers",
      "content-type",
      contentType
    };
    for (int i = 0; i < fields.length; i += 2) {
      out.write(0);
      literal(fields[i], out);
      literal(fields[i + 1], out);
    }
    return out.toByteArray();
  }

  private static void literal(String text, ByteArrayOutputStream out) {
    out.write(text.length());
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] head() {
    return head("/service.Echo/Ping", "application/grpc+proto");
  }

  private void servesAfter(Attack attack) throws Exception {
    try (TestGrpc server = TestGrpc.start(folder, "", ECHO)) {
      try (Raw raw = new Raw(server)) {
        attack.on(raw);
      }
      assertThat(server.client().ping("still here").outcome()).isEqualTo("still here");
    }
  }

  private interface Attack {
    void on(Raw raw) throws IOException;
  }

  @Test
  void whoTakesNothingOfAnAnswerDoesNotHoldItsMemoryForEver() throws Exception {
    FakePool pool =
        new FakePool((request, reply) -> FakePool.answer(reply, "{}", "x".repeat(200_000)));
    try (TestGrpc server = new TestGrpc(folder, "", pool, null).holding(1 << 20).start();
        Raw raw = new Raw(server)) {
      raw.windows(0);
      for (int stream = 1; stream < 20; stream += 2) {
        raw.call(stream);
      }
      Client client = server.client();
      Await.until("no room", () -> !isOk(client.ping("")));
      Await.until("room again", () -> isOk(client.ping("")));
    }
  }

  @Test
  void whoTakesAnAnswerBitByBitGetsAllOfIt() throws Exception {
    int length = 600_000;
    FakePool pool =
        new FakePool((request, reply) -> FakePool.answer(reply, "{}", "x".repeat(length)));
    try (TestGrpc server = new TestGrpc(folder, "", pool, null).holding(1 << 20).start();
        Raw raw = new Raw(server)) {
      raw.windows(0);
      raw.call(1);
      // For longer than a client may take nothing while memory is short; each window is used up at
      // once.
      int taken = 0;
      for (; taken < 20_000; taken += 1_000) {
        raw.open(1, 1_000);
        raw.awaitFrame(DATA);
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      }
      raw.open(0, length);
      raw.open(1, length);
      raw.awaitEnds(1);
      assertThat(server.client().ping("").outcome()).hasSize(length);
    }
  }

  @Test
  void whoReadsNothingAtAllIsCutOff() throws Exception {
    FakePool pool =
        new FakePool((request, reply) ->
            FakePool.answer(reply, "{}", "x".repeat(request.text().isEmpty() ? 30_000_000 : 1)));
    try (TestGrpc server = new TestGrpc(folder, "", pool, null).holding(1 << 20).start();
        Raw raw = new Raw(server)) {
      raw.windows(Integer.MAX_VALUE);
      raw.open(0, Integer.MAX_VALUE - 65_535);
      raw.call(1);
      Client client = server.client();
      Await.until("no room", () -> !isOk(client.ping("small")));
      Await.until("room again", () -> isOk(client.ping("small")));
      // What is in the system's buffers, then an end.
      assertThat(raw.rest()).contains(DATA);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_connection_idle: 1s", "max_connection_age: 1s"})
  void aConnectionThatIsIdleOrOldIsToldToEnd(String keys) throws Exception {
    try (TestGrpc server = TestGrpc.start(folder, keys, ECHO);
        Raw raw = new Raw(server)) {
      raw.awaitFrame(GOAWAY);
    }
  }

  @Test
  void whoTakesBackCallsWithoutEndIsSentAway() throws Exception {
    servesAfter(raw -> {
      try {
        for (int stream = 1; stream < 20_000; stream += 2) {
          raw.frame(HEADERS, 4, stream, head());
          raw.frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
        }
      } catch (IOException closed) {
        // It is what is wanted.
      }
      assertThat(raw.rest()).doesNotContain(DATA);
    });
  }

  @Test
  void aHeadWithoutEndIsCutOff() throws Exception {
    servesAfter(raw -> {
      byte[] field = new byte[16_000];
      raw.frame(HEADERS, 0, 1, head());
      try {
        for (int i = 0; i < 1_000; i++) {
          raw.frame(CONTINUATION, 0, 1, field);
        }
      } catch (IOException closed) {
        // It is what is wanted.
      }
      List<Integer> types = raw.rest();
      assertThat(types).doesNotContain(DATA);
    });
  }

  @Test
  void framesThatAreNoneEndTheConnection() throws Exception {
    servesAfter(raw -> {
      raw.frame(DATA, 0, 0, new byte[5]);
      assertThat(raw.rest()).contains(GOAWAY);
    });
  }

  @Test
  void aMessageWhoseLengthLiesIsRefused() throws Exception {
    servesAfter(raw -> {
      raw.frame(HEADERS, 4, 1, head());
      // Says 2 GiB, has nothing.
      raw.frame(DATA, 1, 1, new byte[] {0, (byte) 0x7f, -1, -1, -1});
      raw.frame(HEADERS, 4, 3, head());
      // Says it is compressed, in no known way.
      raw.frame(DATA, 1, 3, new byte[] {1, 0, 0, 0, 1, 'x'});
      raw.frame(HEADERS, 5, 5, head());
      raw.frame(HEADERS, 5, 7, head("/service.Echo/Ping", "text/html"));
      raw.frame(HEADERS, 5, 9, head("no-slash", "application/grpc"));
      raw.awaitEnds(5);
    });
  }
}
