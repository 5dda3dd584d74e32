package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.testing.http.RawClient;
import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.FakePool;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that leave HTTP (RFC 9110, section 7.8). */
@Timeout(60)
final class UpgradeTest {
  private static final String ASKS =
      "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: Echo\r\n\r\n";

  private static final String SWITCHED =
      "HTTP/1.1 101 Switching Protocols\r\nX-By: echo\r\nUpgrade: echo\r\nConnection:"
          + " Upgrade\r\n\r\n";

  private final FakePool pool =
      new FakePool((request, reply) -> FakePool.answer(reply, "{\"status\":200}", "worker"));

  /** Sends back what it gets, and notes how it ends. */
  static final class Echo implements HttpUpgrade, HttpUpgrade.Receiver {
    final CompletableFuture<Wire> wire = new CompletableFuture<>();
    final List<Wire> wires = new CopyOnWriteArrayList<>();
    final List<String> ends = new CopyOnWriteArrayList<>();
    final StringBuffer got = new StringBuffer();
    volatile boolean takes = true;
    volatile boolean echoes = true;
    volatile String lastWords = "";

    @Override
    public void upgrade(HttpRequest request, HttpResponse response, Switch connection) {
      Wire accepted = connection.accept(new HttpHeaders().add("X-By", "echo"), this);
      wire.complete(accepted);
      wires.add(accepted);
    }

    Wire wire() {
      return wire.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public boolean received(ByteBuffer bytes) {
      String text = StandardCharsets.ISO_8859_1.decode(bytes).toString();
      got.append(text);
      if (text.contains("boom")) {
        throw new IllegalStateException("boom");
      }
      if (echoes) {
        wire().write(bytes(text));
      }
      return takes;
    }

    @Override
    public void closed(@Nullable Throwable cause) {
      ends.add(String.valueOf(cause));
      if (!lastWords.isEmpty()) {
        wire().write(bytes(lastWords));
      }
    }
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private final Echo echo = new Echo();

  private TestServer.Builder server() {
    return TestServer.with(pool).upgrade("echo", echo);
  }

  @Test
  void anUpgradeGetsWhatWasSentWithItsRequestFirstAndAnswersBehind101() throws Exception {
    try (TestServer server = server().start();
        RawClient client = new RawClient(server.connect())) {
      client.send(ASKS + "with ");
      assertThat(client.readUntil("with ")).isEqualTo(SWITCHED + "with ");
      client.send("and behind");
      assertThat(client.readUntil("behind")).isEqualTo("and behind");
    }
    TestServer.await(() -> echo.ends.equals(List.of("null")));
  }

  @Test
  void anUpgradeOverTlsGetsEveryByteAndTheEnd(@TempDir Path folder) throws Exception {
    TestKeys.make(folder, "k", "EC");
    String key = folder.resolve("k.key").toString();
    String certificate = folder.resolve("k.crt").toString();
    HttpConfig.Ssl ssl = new HttpConfig.Ssl("127.0.0.1:0", false, key, certificate, "", "");
    String much = "0123456789".repeat(20_000);
    try (TestServer server = server().ssl(ssl).start()) {
      Socket socket = trusting(Path.of(certificate)).createSocket("127.0.0.1", server.lastPort());
      socket.setSoTimeout(20_000);
      try (RawClient client = new RawClient(socket)) {
        client.send(ASKS + "with ");
        assertThat(client.readUntil("with ")).isEqualTo(SWITCHED + "with ");
        client.send(much + "end");
        assertThat(client.readUntil("end")).isEqualTo(much + "end");
      }
      TestServer.await(() -> echo.ends.equals(List.of("null")));
    }
  }

  private static SocketFactory trusting(Path certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      store.setCertificateEntry(
          "k", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  @Test
  void anUpgradeMayDecideLaterOnAnyThread() throws Exception {
    CompletableFuture<HttpUpgrade.Switch> asked = new CompletableFuture<>();
    try (TestServer server =
            TestServer.with(pool)
                .upgrade("echo", (request, response, connection) -> asked.complete(connection))
                .start();
        RawClient client = new RawClient(server.connect())) {
      client.send(ASKS + "early");
      HttpUpgrade.Switch connection = asked.get(20, TimeUnit.SECONDS);
      HttpUpgrade.Wire wire = connection.accept(HttpHeaders.EMPTY, echo);
      wire.write(bytes("hello "));
      echo.wire.complete(wire);
      assertThat(client.readUntil("early")).contains(" 101 ").contains("\r\n\r\nhello ");
      assertThatThrownBy(() -> connection.accept(HttpHeaders.EMPTY, echo))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anUpgradeThatIsRefusedIsAnAnswerAndTheConnectionGoesOn() throws Exception {
    CompletableFuture<Throwable> late = new CompletableFuture<>();
    HttpUpgrade refusing =
        (request, response, connection) -> {
          response.head(403, new HttpHeaders());
          response.write(bytes("no"));
          response.end();
          try {
            connection.accept(new HttpHeaders(), echo);
          } catch (IllegalStateException e) {
            late.complete(e);
          }
        };
    try (TestServer server = TestServer.with(pool).upgrade("echo", refusing).start();
        RawClient client = new RawClient(server.connect())) {
      client.send(ASKS);
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 403 ").endsWith("\r\n\r\nno");
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readAnswer()).endsWith("worker");
      assertThat(late.get(20, TimeUnit.SECONDS)).hasMessageContaining("answered");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c, other\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: echo\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n"
            + "Content-Length: 2\r\n\r\nhi",
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      })
  void whatCannotOrMayNotBeUpgradedGoesToTheWorkers(String request) throws Exception {
    try (TestServer server = server().start();
        RawClient client = new RawClient(server.connect())) {
      assertThat(client.send(request).readAnswer()).contains(" 200 ").endsWith("worker");
      assertThat(echo.wire).isNotDone();
    }
  }

  @Test
  void theClientsFirstChoiceThatIsOfferedIsTaken() throws Exception {
    try (TestServer server = server().start();
        RawClient client = new RawClient(server.connect())) {
      client.send(ASKS.replace("Upgrade: Echo", "Upgrade: h2c\r\nUpgrade: other/2, ECHO"));
      assertThat(client.readUntil("\r\n\r\n")).isEqualTo(SWITCHED);
    }
  }

  @Test
  void middlewareMayRefuseAnUpgradeAndSeesThatOneWasMade() throws Exception {
    List<Integer> seen = new CopyOnWriteArrayList<>();
    try (TestServer server =
            server()
                .middleware(
                    "guard",
                    next ->
                        (request, response) -> {
                          if (request.target().equals("/no")) {
                            response.head(401, new HttpHeaders());
                            response.end();
                            return;
                          }
                          next.handle(
                              request,
                              new ForwardingResponse(response) {
                                @Override
                                public void head(int status, HttpHeaders headers) {
                                  seen.add(status);
                                  next.head(status, headers.add("X-Guard", "yes"));
                                }
                              });
                        })
                .start();
        RawClient client = new RawClient(server.connect())) {
      assertThat(client.send(ASKS.replace("/chat", "/no")).readAnswer()).contains(" 401 ");
      assertThat(client.send(ASKS).readUntil("\r\n\r\n")).contains(" 101 ", "X-Guard: yes");
      assertThat(seen).containsExactly(101);
      TestServer.await(() -> server.log().stream().anyMatch(l -> l.contains("status=101")));
    }
  }

  @Test
  void aReceiverThatWaitsHoldsItsClientUp() throws Exception {
    echo.takes = false;
    echo.echoes = false;
    int size = 32 << 20;
    try (TestServer server = server().start();
        Socket socket = server.connect()) {
      socket.getOutputStream().write(ASKS.getBytes(StandardCharsets.ISO_8859_1));
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(() -> {
            try {
              byte[] piece = new byte[64 * 1024];
              for (int i = 0; i < size / piece.length; i++) {
                socket.getOutputStream().write(piece);
              }
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      TestServer.await(() -> !echo.got.isEmpty());
      assertThat(sent).isNotDone();
      assertThat(echo.got).hasSizeLessThan(size / 2);
      echo.takes = true;
      echo.wire().resume();
      TestServer.await(() -> echo.got.length() == size);
      sent.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatWaitsForAClientIsCountedAndGoesOutInOrderBeforeTheEnd() throws Exception {
    int piece = 64 * 1024;
    int count = 160;
    try (TestServer server = server().budget(64L * 1024 * 1024).start();
        RawClient client = RawClient.connect(server.port())) {
      client.send(ASKS);
      assertThat(client.readUntil("\r\n\r\n")).isEqualTo(SWITCHED);
      HttpUpgrade.Wire wire = echo.wire();
      for (int i = 0; i < count; i++) {
        wire.write(ByteBuffer.allocate(piece));
      }
      wire.write(bytes("end"));
      wire.close();
      wire.write(bytes("never"));
      assertThat(wire.pending()).isPositive();
      assertThat(server.plugin().budget().taken()).isPositive();
      assertThat(client.skip((long) piece * count)).isTrue();
      assertThat(client.readAll()).isEqualTo("end");
      TestServer.await(() -> wire.pending() == 0 && server.plugin().budget().taken() == 0);
    }
    TestServer.await(() -> echo.ends.equals(List.of("null")));
  }

  @Test
  void aClientThatTakesNothingIsCutOff() throws Exception {
    Duration short1 = Duration.ofMillis(300);
    try (TestServer server =
            server().timeouts(Duration.ZERO, Duration.ZERO, short1, Duration.ZERO).start();
        RawClient client = RawClient.connect(server.port())) {
      client.send(ASKS);
      client.readUntil("\r\n\r\n");
      HttpUpgrade.Wire wire = echo.wire();
      wire.write(ByteBuffer.allocate(16 << 20));
      wire.close();
      TestServer.await(() -> echo.ends.size() == 1);
      assertThat(echo.ends.getFirst()).contains("takes nothing");
      TestServer.await(() -> wire.pending() == 0 && server.plugin().budget().taken() == 0);
    }
  }

  @Test
  void aWriteThatFindsNoMemoryCutsTheConnectionOff() throws Exception {
    try (TestServer server = server().budget(8 << 20).start();
        RawClient client = RawClient.connect(server.port())) {
      client.send(ASKS);
      client.readUntil("\r\n\r\n");
      // The system's buffers take their part, up to ten megabytes of it, at a moment of their own.
      for (int i = 0; i < 32; i++) {
        echo.wire().write(ByteBuffer.allocate(1 << 20));
      }
      TestServer.await(() -> echo.ends.size() == 1);
      assertThat(echo.ends.getFirst()).contains("no memory");
      assertThat(server.log()).anyMatch(l -> l.startsWith("WARN") && l.contains("cut off"));
      TestServer.await(() -> server.plugin().budget().taken() == 0);
    }
  }

  @Test
  void manyThatAreCutOffAtOnceAreFewLines() throws Exception {
    try (TestServer server = server().budget(8 << 20).start()) {
      for (int i = 1; i <= 40; i++) {
        int cut = i;
        try (RawClient client = RawClient.connect(server.port())) {
          client.send(ASKS);
          client.readUntil("\r\n\r\n");
          TestServer.await(() -> echo.wires.size() == cut);
          echo.wires.getLast().write(ByteBuffer.allocate(16 << 20));
          TestServer.await(() -> echo.ends.size() == cut);
        }
      }
      assertThat(server.log().stream().filter(l -> l.contains("cut off")).count())
          .isBetween(1L, 30L);
    }
  }

  @Test
  void bytesThatAreSharedAreCountedByWhoSharesThem() throws Exception {
    try (TestServer server = server().budget(1 << 20).start();
        RawClient client = new RawClient(server.connect())) {
      client.send(ASKS);
      assertThat(client.readUntil("\r\n\r\n")).isEqualTo(SWITCHED);
      byte[] shared = "x".repeat(2 << 20).getBytes(StandardCharsets.ISO_8859_1);
      CompletableFuture<Void> first = new CompletableFuture<>();
      CompletableFuture<Void> second = new CompletableFuture<>();
      HttpUpgrade.Wire wire = echo.wire();
      wire.write(ByteBuffer.wrap(shared), () -> first.complete(null));
      wire.write(ByteBuffer.wrap(shared), () -> second.complete(null));
      assertThat(server.plugin().budget().taken()).isLessThan(10_000);
      wire.close();
      assertThat(client.readAll()).hasSize(4 << 20);
      second.get(10, TimeUnit.SECONDS);
      assertThat(first).isDone();
      TestServer.await(() -> wire.pending() == 0 && server.plugin().budget().taken() == 0);
      CompletableFuture<Void> late = new CompletableFuture<>();
      wire.write(ByteBuffer.wrap(shared), () -> late.complete(null));
      late.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void deadlinesOfHttpDoNotApplyButTheLimitOfConnectionsDoes() throws Exception {
    Duration short1 = Duration.ofSeconds(1);
    try (TestServer server =
            server().maxConnections(1).timeouts(short1, short1, Duration.ZERO, short1).start();
        // Its head has to be there in time.
        RawClient client = new RawClient(server.connect()).send(ASKS);
        Socket waits = server.connect()) {
      assertThat(client.readUntil("\r\n\r\n")).isEqualTo(SWITCHED);
      waits.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      waits.setSoTimeout(2_000);
      assertThatThrownBy(() -> waits.getInputStream().read())
          .isInstanceOf(java.net.SocketTimeoutException.class);
      client.send("still");
      assertThat(client.readUntil("still")).isEqualTo("still");
      echo.wire().close();
      assertThat(client.readAll()).isEmpty();
      client.close();
      waits.setSoTimeout(20_000);
      assertThat(waits.getInputStream().read()).isEqualTo('H');
    }
  }

  @Test
  void theServersEndIsToldAndLastWordsAreSent() throws Exception {
    echo.lastWords = "bye";
    try (TestServer server = server().start();
        RawClient client = new RawClient(server.connect())) {
      client.send(ASKS);
      client.readUntil("\r\n\r\n");
      CompletableFuture<Void> stopped =
          CompletableFuture.runAsync(() -> {
            try {
              server.stop(Duration.ofSeconds(20));
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      assertThat(client.readAll()).isEqualTo("bye");
      client.close();
      stopped.get(20, TimeUnit.SECONDS);
      assertThat(echo.ends).containsExactly("null");
      assertThat(server.log()).noneMatch(l -> l.contains("cut off"));
    }
  }

  @Test
  void aReceiverThatFailsEndsItsConnectionAlone() throws Exception {
    try (TestServer server = server().start();
        RawClient client = new RawClient(server.connect());
        RawClient other = new RawClient(server.connect())) {
      client.send(ASKS + "boom");
      client.readUntil("\r\n\r\n");
      assertThat(client.readAll()).isEmpty();
      TestServer.await(() -> echo.ends.size() == 1);
      assertThat(echo.ends.getFirst()).contains("boom");
      TestServer.await(
          () -> server.log().stream().anyMatch(l -> l.startsWith("ERROR") && l.contains("boom")));
      assertThat(other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer()).endsWith("worker");
    }
  }

  @Test
  void aClientThatLeavesBeforeTheDecisionIsToldToTheReceiver() throws Exception {
    CompletableFuture<HttpUpgrade.Switch> asked = new CompletableFuture<>();
    CompletableFuture<Void> left = new CompletableFuture<>();
    try (TestServer server =
        TestServer.with(pool)
            .upgrade(
                "echo",
                (request, response, connection) -> {
                  response.onClose(() -> left.complete(null));
                  asked.complete(connection);
                })
            .start()) {
      HttpUpgrade.Switch connection;
      try (RawClient client = new RawClient(server.connect())) {
        client.send(ASKS);
        connection = asked.get(20, TimeUnit.SECONDS);
      }
      left.get(20, TimeUnit.SECONDS);
      HttpUpgrade.Wire wire = connection.accept(new HttpHeaders(), echo);
      wire.write(bytes("nobody"));
      wire.close();
      TestServer.await(() -> echo.ends.size() == 1 && wire.pending() == 0);
      assertThat(echo.ends.getFirst()).contains("over");
      assertThat(server.plugin().budget().taken()).isZero();
    }
  }
}
