package dev.rr.plugin.http;

import static dev.rr.plugin.http.FrameClient.DATA;
import static dev.rr.plugin.http.FrameClient.END_HEADERS;
import static dev.rr.plugin.http.FrameClient.END_STREAM;
import static dev.rr.plugin.http.FrameClient.HEADERS;
import static dev.rr.plugin.http.FrameClient.RST_STREAM;
import static dev.rr.plugin.http.FrameClient.SETTINGS;
import static dev.rr.plugin.http.FrameClient.WINDOW_UPDATE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.testing.worker.FakePool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of HTTP/2 that leave HTTP (RFC 8441). */
@Timeout(60)
final class TunnelTest {
  /** SETTINGS_ENABLE_CONNECT_PROTOCOL, and that it is on. */
  private static final String ENABLED = "\0\10\0\0\0\1";

  /** {@code :status: 200} in the static table of HPACK. */
  private static final byte OK = (byte) 0x88;

  private static final int WINDOW = 65_535;

  private final FakePool pool =
      new FakePool((request, reply) -> FakePool.answer(reply, "{\"status\":200}", "worker"));

  private final UpgradeTest.Echo echo = new UpgradeTest.Echo();

  private TestServer.Builder server() {
    return TestServer.with(pool).h2c().upgrade("echo", echo);
  }

  private static FrameClient ask(FrameClient client, String protocol) throws IOException {
    byte[] head =
        FrameClient.fields(
            ":method",
            "CONNECT",
            ":protocol",
            protocol,
            ":scheme",
            "http",
            ":path",
            "/chat",
            ":authority",
            "h");
    return client.frame(HEADERS, END_HEADERS, 1, head).send();
  }

  private static FrameClient.Frame head(FrameClient client) throws IOException {
    return client.readUntil(f -> f.type() == HEADERS || f.type() == RST_STREAM);
  }

  private static FrameClient data(FrameClient client, String text) throws IOException {
    return client.frame(DATA, 0, 1, text.getBytes(ISO_8859_1)).send();
  }

  private static String data(FrameClient client) throws IOException {
    return client.readUntil(f -> f.type() == DATA && f.payload().length > 0).text();
  }

  @Test
  void aClientIsToldThatItMayAskAndGetsAStreamBothWays() throws Exception {
    try (TestServer server = server().start();
        FrameClient client = new FrameClient(server)) {
      ask(client, "echo");
      FrameClient.Frame settings = client.readUntil(f -> f.type() == SETTINGS);
      assertThat(settings.text()).contains(ENABLED);
      FrameClient.Frame head = head(client);
      assertThat(head.payload()[0]).isEqualTo(OK);
      assertThat(head.flags() & END_STREAM).isZero();
      assertThat(head.text()).contains("x-by").doesNotContain("upgrade");
      data(client, "one");
      assertThat(data(client)).isEqualTo("one");
      data(client, "two");
      assertThat(data(client)).isEqualTo("two");
      echo.lastWords = "bye";
      client.frame(DATA, END_STREAM, 1).send();
      assertThat(data(client)).isEqualTo("bye");
      client.readUntil(f -> f.ends(1));
      assertThat(echo.ends).containsExactly("null");
      // The connection is as good as before.
      client.frame(
          HEADERS,
          END_HEADERS | END_STREAM,
          3,
          FrameClient.fields(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "h"));
      client.send();
      assertThat(client.readUntil(f -> f.stream() == 3 && f.type() == DATA).text())
          .isEqualTo("worker");
    }
  }

  @Test
  void middlewareSeesWhatItSeesInHttp1() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    try (TestServer server =
            server()
                .middleware(
                    "spy",
                    next ->
                        (request, response) -> {
                          seen.add(
                              request.method()
                                  + " "
                                  + request.target()
                                  + " "
                                  + request.headers().get("Connection", "")
                                  + " "
                                  + request.headers().get("Upgrade", ""));
                          next.handle(
                              request,
                              new ForwardingResponse(response) {
                                @Override
                                public void head(int status, HttpHeaders headers) {
                                  seen.add(status + " " + headers.get("Upgrade", ""));
                                  super.head(status, headers);
                                }
                              });
                        })
                .start();
        FrameClient client = new FrameClient(server)) {
      ask(client, "echo");
      assertThat(head(client).payload()[0]).isEqualTo(OK);
      assertThat(seen).containsExactly("GET /chat Upgrade echo", "101 echo");
    }
  }

  @Test
  void aProtocolThatNobodySpeaksIs501AndReachesNoWorker() throws Exception {
    try (TestServer server = server().start();
        FrameClient client = new FrameClient(server)) {
      ask(client, "other");
      assertThat(head(client).text()).contains("501");
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void whereNothingIsOfferedAskingIsMalformed() throws Exception {
    try (TestServer server = TestServer.with(pool).h2c().start();
        FrameClient client = new FrameClient(server)) {
      ask(client, "echo");
      assertThat(client.readUntil(f -> f.type() == SETTINGS).text()).doesNotContain(ENABLED);
      assertThat(head(client).type()).isEqualTo(RST_STREAM);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void otherMethodsCannotAsk(String method) throws Exception {
    try (TestServer server = server().start();
        FrameClient client = new FrameClient(server)) {
      byte[] head =
          FrameClient.fields(
              ":method",
              method,
              ":protocol",
              "echo",
              ":scheme",
              "http",
              ":path",
              "/",
              ":authority",
              "h");
      client.frame(HEADERS, END_HEADERS, 1, head).send();
      assertThat(head(client).type()).isEqualTo(RST_STREAM);
    }
  }

  @Test
  void whatTheWindowHasNoRoomForWaitsAndIsCounted() throws Exception {
    int piece = 10_000;
    int count = 100;
    try (TestServer server = server().start();
        FrameClient client = new FrameClient(server)) {
      ask(client, "echo");
      head(client);
      HttpUpgrade.Wire wire = echo.wire();
      for (int i = 0; i < count; i++) {
        wire.write(ByteBuffer.allocate(piece));
      }
      wire.write(UpgradeTest.bytes("end"));
      wire.close();
      int got = 0;
      while (got < WINDOW) {
        got += client.readUntil(f -> f.type() == DATA).payload().length;
      }
      assertThat(got).isEqualTo(WINDOW);
      assertThat(wire.pending()).isPositive();
      assertThat(server.plugin().budget().taken()).isPositive();
      byte[] more = ByteBuffer.allocate(4).putInt(piece * count).array();
      client.window(piece * count).frame(WINDOW_UPDATE, 0, 1, more).send();
      FrameClient.Frame frame = client.readUntil(f -> f.type() == DATA);
      for (; !frame.ends(1); frame = client.readUntil(f -> f.type() == DATA)) {
        got += frame.payload().length;
      }
      assertThat(got + frame.payload().length).isEqualTo(piece * count + 3);
      TestServer.await(() -> wire.pending() == 0 && server.plugin().budget().taken() == 0);
      TestServer.await(() -> echo.ends.equals(List.of("null")));
    }
  }

  @Test
  void theEndWaitsForTheWindowAsWell() throws Exception {
    try (TestServer server = server().start();
        FrameClient client = new FrameClient(server)) {
      ask(client, "echo");
      head(client);
      echo.wire().write(ByteBuffer.allocate(WINDOW));
      echo.wire().write(UpgradeTest.bytes("last words"));
      echo.wire().close();
      for (int got = 0; got < WINDOW; ) {
        got += client.readUntil(f -> f.type() == DATA).payload().length;
      }
      TestServer.await(() -> echo.ends.size() == 1);
      byte[] more = {0, 0, 0, 100};
      client.window(100).frame(WINDOW_UPDATE, 0, 1, more).send();
      FrameClient.Frame words = client.readUntil(f -> f.stream() == 1);
      assertThat(words.text()).isEqualTo("last words");
      if (!words.ends(1)) {
        client.readUntil(f -> f.ends(1));
      }
      // The client need not end its side.
      assertThat(client.readUntil(f -> f.type() == RST_STREAM).code()).isZero();
    }
  }

  @Test
  void aReceiverThatIsBehindHoldsTheClientUp() throws Exception {
    try (TestServer server = server().start();
        FrameClient client = new FrameClient(server)) {
      echo.takes = false;
      ask(client, "echo");
      head(client);
      data(client, "one");
      assertThat(data(client)).isEqualTo("one");
      data(client, "two");
      data(client, "three");
      client.frame(DATA, END_STREAM, 1).send();
      assertThat(echo.got).hasToString("one");
      assertThat(echo.ends).isEmpty();
      echo.takes = true;
      echo.wire().resume();
      assertThat(data(client) + data(client)).isEqualTo("twothree");
      TestServer.await(() -> echo.ends.equals(List.of("null")));
    }
  }

  @Test
  void theDeadlineOfRequestsDoesNotApplyAndAResetIsTold() throws Exception {
    // The client's own head has to be in time.
    Duration shortly = Duration.ofSeconds(1);
    try (TestServer server = server().timeouts(shortly, shortly, Duration.ZERO, shortly).start();
        FrameClient client = new FrameClient(server)) {
      ask(client, "echo");
      head(client);
      long since = System.nanoTime();
      TestServer.await(() -> System.nanoTime() - since > shortly.multipliedBy(2).toNanos());
      data(client, "still");
      assertThat(data(client)).isEqualTo("still");
      client.frame(RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8}).send();
      TestServer.await(() -> echo.ends.size() == 1);
      assertThat(echo.ends.getFirst()).contains("unexpected EOF");
    }
  }

  @Test
  void aClientThatTakesNothingLosesItsStream() throws Exception {
    Duration shortly = Duration.ofMillis(300);
    try (TestServer server =
            server().timeouts(Duration.ZERO, Duration.ZERO, shortly, Duration.ZERO).start();
        FrameClient client = new FrameClient(server)) {
      ask(client, "echo");
      head(client);
      echo.wire().write(ByteBuffer.allocate(1 << 20));
      echo.wire().close();
      client.readUntil(f -> f.type() == RST_STREAM);
      TestServer.await(() -> echo.ends.size() == 1);
      TestServer.await(() -> server.plugin().budget().taken() == 0);
    }
  }

  @Test
  void aReceiverThatFailsEndsItsStreamAlone() throws Exception {
    try (TestServer server = server().start();
        FrameClient client = new FrameClient(server)) {
      ask(client, "echo");
      head(client);
      data(client, "boom");
      client.readUntil(f -> f.type() == RST_STREAM);
      assertThat(echo.ends).hasSize(1).first().asString().contains("boom");
    }
  }

  @Test
  void theServersEndIsToldAndLastWordsAreSent() throws Exception {
    echo.lastWords = "bye";
    try (TestServer server = server().start();
        FrameClient client = new FrameClient(server)) {
      ask(client, "echo");
      head(client);
      CompletableFuture<Void> stopped =
          CompletableFuture.runAsync(() -> {
            try {
              server.stop(Duration.ofSeconds(20));
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      assertThat(data(client)).isEqualTo("bye");
      client.readUntil(f -> f.ends(1));
      stopped.get(20, TimeUnit.SECONDS);
      assertThat(echo.ends).containsExactly("null");
    }
  }
}
