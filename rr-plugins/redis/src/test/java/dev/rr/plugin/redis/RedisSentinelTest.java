package dev.rr.plugin.redis;

import static dev.rr.plugin.redis.TestRedis.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvStore;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A master, its replica, and three sentinels; all have passwords. */
@ExtendWith(LeakCheck.class)
class RedisSentinelTest {
  private static final String CONFIG =
      """
      port %d
      bind 127.0.0.1
      dir %s
      requirepass watch
      sentinel sentinel-pass watch
      sentinel monitor mymaster 127.0.0.1 %d 2
      sentinel auth-pass mymaster secret
      sentinel down-after-milliseconds mymaster 500
      sentinel failover-timeout mymaster 3000
      """;

  @TempDir Path folder;
  private final List<TestServer> servers = new ArrayList<>();
  private final List<String> sentinels = new ArrayList<>();
  private TestServer master;
  private TestRedis redis;

  @BeforeEach
  void startAll() throws Exception {
    int port = TestServer.freePort();
    String[] options = {
      "--requirepass", "secret", "--masterauth", "secret", "--repl-diskless-sync-delay", "0"
    };
    master = TestRedis.server(home("master"), port, options);
    servers.add(master);
    TestServer replica =
        TestRedis.server(
            home("replica"),
            TestServer.freePort(),
            "--requirepass",
            "secret",
            "--masterauth",
            "secret",
            "--replicaof",
            "127.0.0.1",
            "" + port);
    servers.add(replica);
    replica.await("it follows", () -> replica.output().contains("Finished with success"));
    for (int i = 0; i < 3; i++) {
      int own = TestServer.freePort();
      Path home = home("sentinel" + i);
      Path config = home.resolve("sentinel.conf");
      Files.writeString(config, CONFIG.formatted(own, home, port));
      servers.add(
          TestServer.listening(
              home, own, List.of("redis-server", config.toString(), "--sentinel")));
      sentinels.add("127.0.0.1:" + own);
    }
    for (TestServer sentinel : servers.subList(2, 5)) {
      sentinel.await("it knows the replica", () -> sentinel.output().contains("+slave"));
      sentinel.await(
          "it knows the others", () -> sentinel.output().split("\\+sentinel ", -1).length > 2);
    }
    redis = new TestRedis(folder);
  }

  private Path home(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  @AfterEach
  void stopAll() throws Exception {
    redis.close();
    servers.forEach(TestServer::close);
  }

  @Test
  void theReplicaIsWrittenToOnceItIsTheMaster() throws Exception {
    Map<String, Object> config =
        Map.of(
            "addrs",
            sentinels,
            "master_name",
            "mymaster",
            "password",
            "secret",
            "sentinel_password",
            "watch");
    Map<String, Object> reading = new HashMap<>(config);
    reading.put("route_randomly", true);
    KvStore store = redis.open(config);
    KvStore readsAnywhere = redis.open(reading);
    store.set(List.of(item("a", "1")));
    Await.until("it is replicated", () -> has(readsAnywhere));

    master.kill();

    Await.until("the fail-over", () -> sets(store) && has(store));
    Await.until("the other storage", () -> sets(readsAnywhere) && has(readsAnywhere));
    assertThat(redis.log.with("INFO redis is back")).hasSizeLessThan(3);
  }

  private static boolean has(KvStore store) {
    try {
      return !store.has(List.of("a")).isEmpty();
    } catch (OperationException | InterruptedException e) {
      return false;
    }
  }

  private static boolean sets(KvStore store) {
    try {
      store.set(List.of(item("a", "2")));
      return true;
    } catch (OperationException | InterruptedException e) {
      return false;
    }
  }
}
