package dev.rr.plugin.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import dev.rr.api.worker.Pool;
import dev.rr.testing.plugin.RpcCalls;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Between Centrifugo itself and PHP. */
@Timeout(180)
@Tag("centrifugo")
class CentrifugoTest {
  private static final Path PROGRAM = Path.of("../../target/test-tools/centrifugo");

  @TempDir Path folder;

  private final int http;
  private final int api;
  private final int proxy;

  CentrifugoTest() throws Exception {
    int[] ports = TestServer.freePorts(3);
    http = ports[0];
    api = ports[1];
    proxy = ports[2];
  }

  private TestServer centrifugo() throws Exception {
    assertThat(PROGRAM).as("centrifugo: bin/test-tools centrifugo builds it").isExecutable();
    Path config = folder.resolve("config.json");
    Files.writeString(
        config,
        """
        {
          "http_server": {"address": "127.0.0.1", "port": %d},
          "log": {"level": "debug"},
          "client": {
            "proxy": {
              "connect": {"enabled": true, "endpoint": "grpc://127.0.0.1:%d", "timeout": "30s"}
            }
          },
          "channel": {
            "proxy": {"subscribe": {"endpoint": "grpc://127.0.0.1:%d", "timeout": "30s"}},
            "without_namespace": {"subscribe_proxy_enabled": true}
          },
          "rpc": {
            "proxy": {"endpoint": "grpc://127.0.0.1:%d", "timeout": "30s"},
            "without_namespace": {"proxy_enabled": true}
          },
          "grpc_api": {"enabled": true, "address": "127.0.0.1", "port": %d, "key": "s3cret"}
        }
        """
            .formatted(http, proxy, proxy, proxy, api));
    return TestServer.listening(
        folder, http, List.of(PROGRAM.toAbsolutePath().toString(), "--config", config.toString()));
  }

  private TestCentrifuge plugin(FakePool.Worker worker) throws Exception {
    return plugin(new FakePool(worker));
  }

  private TestCentrifuge plugin(Pool pool) throws Exception {
    String keys =
        "proxy_address: \"127.0.0.1:%d\", grpc_api_address: \"127.0.0.1:%d\", api_key: s3cret"
            .formatted(proxy, api);
    return new TestCentrifuge(folder, keys, pool).start();
  }

  /** A browser's connection: what it was sent, each message a line. */
  private static final class Browser implements WebSocket.Listener, AutoCloseable {
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final StringBuilder part = new StringBuilder();
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;

    Browser(int port) throws Exception {
      socket =
          client
              .newWebSocketBuilder()
              .buildAsync(URI.create("ws://127.0.0.1:" + port + "/connection/websocket"), this)
              .get(30, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        received.addAll(part.toString().lines().toList());
        part.setLength(0);
      }
      from.request(1);
      return null;
    }

    void send(String command) throws Exception {
      var unused = socket.sendText(command, true).get(30, TimeUnit.SECONDS);
    }

    /** The first message that has these texts in it. */
    String await(String... texts) {
      Await.until(
          List.of(texts) + " among " + received,
          () -> received.stream().anyMatch(line -> has(line, texts)));
      return received.stream().filter(line -> has(line, texts)).findFirst().orElseThrow();
    }

    private static boolean has(String line, String... texts) {
      return List.of(texts).stream().allMatch(line::contains);
    }

    @Override
    public void close() {
      socket.abort();
      client.shutdownNow();
    }
  }

  @Test
  void aBrowserConnectsSubscribesCallsAndIsPublishedTo() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    try (TestCentrifuge rr =
            plugin((request, reply) -> {
              String context = request.context();
              String type = context.replaceFirst(".*\"type\":\\[\"", "").replaceFirst("\".*", "");
              asked.add(type);
              // connect: {result {user}}; subscribe: {result {}}; rpc: {result {data}}
              TestCentrifuge.answer(
                  reply,
                  switch (type) {
                    case "connect" -> Texts.message(1, Texts.message(1, "42"));
                    case "rpc" -> Texts.message(1, Texts.message(1, "{\"said\":\"hi\"}"));
                    default -> Texts.message(1, new byte[0]);
                  });
            });
        TestServer centrifugo = centrifugo();
        Browser browser = new Browser(http)) {
      browser.send("{\"id\":1,\"connect\":{\"data\":{\"foo\":\"bar\"}}}");
      browser.await("\"id\":1", "\"connect\"", "\"client\"");
      browser.send("{\"id\":2,\"subscribe\":{\"channel\":\"news\"}}");
      browser.await("\"id\":2", "\"subscribe\"");
      browser.send("{\"id\":3,\"rpc\":{\"method\":\"greet\",\"data\":{}}}");
      browser.await("\"id\":3", "\"said\":\"hi\"");
      assertThat(asked).containsExactly("connect", "subscribe", "rpc");

      centrifugo.await("the API answers", () -> published(rr, "{\"text\":\"tost\"}"));
      browser.await("\"push\"", "\"news\"", "\"text\":\"tost\"");
    }
  }

  /** Whether Centrifugo took a publication for {@code news}. */
  private static boolean published(TestCentrifuge rr, String data) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(Texts.message(1, "news"));
    request.writeBytes(Texts.message(2, data));
    try {
      Empty answer =
          (Empty) RpcCalls.call(rr.plugin.rpc(), "Publish", Empty.parseFrom(request.toByteArray()));
      // Its error is field 1, its result field 2.
      return answer != null
          && answer.getUnknownFields().hasField(2)
          && !answer.getUnknownFields().hasField(1);
    } catch (Exception notYet) {
      return false;
    }
  }

  @Test
  void whomPhpRefusesIsTurnedAway() throws Exception {
    // {disconnect {code: 4501, reason: "no"}}
    byte[] disconnect = Texts.message(3, new byte[] {8, (byte) 0x95, 0x23, 18, 2, 'n', 'o'});
    try (TestCentrifuge rr = plugin((request, reply) -> TestCentrifuge.answer(reply, disconnect));
        TestServer centrifugo = centrifugo();
        Browser browser = new Browser(http)) {
      browser.send("{\"id\":1,\"connect\":{}}");
      Await.until("a closed connection", browser.socket::isInputClosed);
      assertThat(browser.received).noneMatch(line -> line.contains("\"client\""));
      assertThat(centrifugo.pid()).isPositive();
      assertThat(rr.log.with("was not answered")).isEmpty();
    }
  }

  @Test
  void phpWorkersLetABrowserIn() throws Exception {
    try (TestCentrifuge rr = plugin(PhpProxyTest.pool(folder, 1));
        TestServer centrifugo = centrifugo();
        Browser browser = new Browser(http)) {
      browser.send("{\"id\":1,\"connect\":{}}");
      browser.await("\"id\":1", "\"client\"", "\"told\"", "\"type\":[\"connect\"]");
      assertThat(rr.log.with("was not answered")).isEmpty();
      assertThat(centrifugo.pid()).isPositive();
    }
  }
}
