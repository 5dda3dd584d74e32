package dev.rr.plugin.redis;

import static dev.rr.plugin.redis.TestRedis.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvStore;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that asks clients for a certificate. */
class RedisTlsTest {
  @TempDir static Path folder;
  private static int port;
  private static TestServer server;

  private final TestRedis redis = new TestRedis(folder);

  @BeforeAll
  static void startServer() throws Exception {
    TestKeys.make(folder, "server", "EC");
    TestKeys.make(folder, "client", "EC");
    port = TestServer.freePort();
    server =
        TestServer.listening(
            folder,
            port,
            TestRedis.command(
                folder,
                0,
                "--tls-port",
                "" + port,
                "--tls-cert-file",
                "server.crt",
                "--tls-key-file",
                "server.key",
                "--tls-ca-cert-file",
                "client.crt"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void close() throws Exception {
    redis.close();
  }

  private static Map<String, Object> config(String client, String authority) {
    Map<String, String> tls =
        Map.of("cert", client + ".crt", "key", client + ".key", "root_ca", authority + ".crt");
    return Map.of("addrs", "127.0.0.1:" + port, "tls", tls, "max_retries", -1);
  }

  @Test
  void bothSidesShowTheirCertificates() throws Exception {
    KvStore store = redis.open(config("client", "server"));
    store.set(List.of(item("a", "1")));
    assertThat(store.has(List.of("a"))).containsExactly("a");
  }

  @Test
  void aServerThatNoAuthorityKnowsIsNotSpokenTo() throws Exception {
    KvStore store = redis.open(config("client", "client"));
    assertThatThrownBy(() -> store.has(List.of("a")))
        .hasMessageContaining("unable to find valid certification path");
  }

  @Test
  void aServerThatDoesNotKnowUsIsAFailureInWords() throws Exception {
    KvStore store = redis.open(config("server", "server"));
    assertThatThrownBy(() -> store.has(List.of("a")))
        .hasMessageStartingWith("redis_driver_has: redis at 127.0.0.1:" + port);
  }

  @Test
  void aCertificateIsReadAgainForEachConnection() throws Exception {
    for (String kind : List.of(".crt", ".key")) {
      Files.copy(folder.resolve("server" + kind), folder.resolve("renewed" + kind));
    }
    KvStore store = redis.open(config("renewed", "server"));
    assertThatThrownBy(() -> store.has(List.of("a"))).hasMessageContaining("redis at");
    for (String kind : List.of(".crt", ".key")) {
      Files.write(
          folder.resolve("renewed" + kind), Files.readAllBytes(folder.resolve("client" + kind)));
    }
    Await.until(
        "it is let in",
        () -> {
          try {
            return store.has(List.of("missing")).isEmpty();
          } catch (OperationException | InterruptedException e) {
            return false;
          }
        });
  }
}
