package dev.rr.plugin.redis;

import static dev.rr.plugin.redis.TestRedis.item;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.kv.KvStore;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.kv.KvDriverContract;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.LeakCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisStoreTest extends KvDriverContract {
  @TempDir static Path folder;
  private static int port;
  private static TestServer server;

  private final TestRedis redis = new TestRedis(folder);

  @BeforeAll
  static void startServer() throws Exception {
    port = TestServer.freePort();
    Path users = folder.resolve("users.acl");
    Files.writeString(
        users, "user default on nopass ~* &* +@all\nuser alice on >wonder ~* &* +@all\n");
    server =
        TestRedis.server(
            folder,
            port,
            "--unixsocket",
            folder.resolve("redis.sock").toString(),
            "--aclfile",
            users.toString());
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void close() throws Exception {
    redis.close();
  }

  @Override
  protected KvStore open() throws Exception {
    KvStore store = redis.open(port);
    store.clear();
    return store;
  }

  @Test
  void expiriesAreToldOfThoseKeysAloneThatHaveOne() throws Exception {
    KvStore store = redis.open(port);
    Instant later = Instant.now().plusSeconds(60);
    store.set(List.of(item("permanent", "1"), item("ephemeral", "2", later)));
    assertThat(store.ttl(List.of("permanent", "ephemeral")))
        .containsOnlyKeys("ephemeral")
        .hasEntrySatisfying(
            "ephemeral", t -> assertThat(t.orElseThrow()).isAfter(later.minusSeconds(30)));
  }

  @Test
  void theUnixSocketAndTheNumberOfTheDatabaseAreTaken() throws Exception {
    KvStore second = redis.open(Map.of("addrs", folder.resolve("redis.sock").toString(), "db", 2));
    KvStore first = redis.open(port);
    second.set(List.of(item("a", "of the second")));
    assertThat(first.has(List.of("a"))).isEmpty();
    first.set(List.of(item("b", "of the first")));
    second.clear();
    assertThat(first.has(List.of("b"))).containsExactly("b");
  }

  @Test
  void aUserShowsHerPassword() throws Exception {
    KvStore alice =
        redis.open(Map.of("addrs", address(), "username", "alice", "password", "wonder"));
    alice.set(List.of(item("a", "1")));
    assertThat(alice.get(List.of("a"))).containsEntry("a", "1".getBytes(UTF_8));
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() throws Exception {
    KvStore alice =
        redis.open(Map.of("addrs", address(), "username", "alice", "password", "blunder"));
    assertThatThrownBy(() -> alice.has(List.of("a")))
        .hasMessageStartingWith("redis_driver_has: redis at " + address() + ": WRONGPASS")
        .hasMessageNotContaining("blunder");
  }

  @Test
  void aFailureHasTheServersWordsAndTheOperation() throws Exception {
    KvStore store =
        redis.open(Map.of("addrs", address(), "username", "alice", "password", "wonder"));
    cli("rpush", "list", "x");
    assertThat(store.get(List.of("list"))).isEmpty();
    cli("acl", "setuser", "alice", "-flushdb");
    try {
      assertThatThrownBy(store::clear).hasMessageStartingWith("redis_driver_clear: NOPERM");
    } finally {
      cli("acl", "setuser", "alice", "+flushdb");
    }
  }

  private static void cli(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("-p", "" + port));
    command.addAll(List.of(words));
    String _ = TestRedis.cli("", command);
  }

  private static String address() {
    return "127.0.0.1:" + port;
  }

  @Test
  void showsItsConnectionsUnderUpstreamsNames() throws Exception {
    try (TestRedis alone = new TestRedis(folder)) {
      KvStore store = alone.open(port);
      store.set(List.of(item("a", "1")));
      assertThat(Scrape.of(alone.plugin).values())
          .containsEntry("rr_redis_pool_conn_total_current{storage=\"users\"}", 1.0)
          .containsEntry("rr_redis_pool_conn_idle_current{storage=\"users\"}", 1.0)
          .containsEntry("rr_redis_pool_conn_stale_total{storage=\"users\"}", 0.0)
          .containsEntry("rr_redis_pool_timeout_total{storage=\"users\"}", 0.0)
          .containsKeys(
              "rr_redis_pool_hit_total{storage=\"users\"}",
              "rr_redis_pool_miss_total{storage=\"users\"}");
      store.close(Deadline.after(Duration.ofSeconds(5)));
      assertThat(Scrape.of(alone.plugin).values()).isEmpty();
    }
  }

  @Test
  void leavesNothingBehind() throws Exception {
    LeakCheck.around(() -> {
      try (TestRedis alone = new TestRedis(folder)) {
        alone.open(port).set(List.of(item("a", "1")));
      }
    });
  }
}
