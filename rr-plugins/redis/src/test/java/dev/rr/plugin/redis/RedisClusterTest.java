package dev.rr.plugin.redis;

import static dev.rr.plugin.redis.TestRedis.item;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.kv.KvStore;
import dev.rr.testing.kv.KvDriverContract;
import dev.rr.testing.server.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three masters, of which the driver is told two. */
class RedisClusterTest extends KvDriverContract {
  @TempDir static Path folder;
  private static final List<String> NODES = new ArrayList<>();
  private static final List<TestServer> SERVERS = new ArrayList<>();

  private final TestRedis redis = new TestRedis(folder);

  @BeforeAll
  static void startCluster() throws Exception {
    for (int i = 0; i < 3; i++) {
      Path home = Files.createDirectory(folder.resolve("node" + i));
      int port = TestServer.freePort();
      String bus = "" + TestServer.freePort();
      String[] options = {
        "--cluster-enabled", "yes", "--cluster-port", bus, "--cluster-node-timeout", "15000"
      };
      NODES.add("127.0.0.1:" + port);
      SERVERS.add(TestRedis.server(home, port, options));
    }
    List<String> create = new ArrayList<>(List.of("redis-cli", "--cluster", "create"));
    create.addAll(NODES);
    create.add("--cluster-yes");
    Process cli = new ProcessBuilder(create).redirectErrorStream(true).start();
    String printed = new String(cli.getInputStream().readAllBytes(), UTF_8);
    assertThat(cli.waitFor()).as(printed).isZero();
  }

  @AfterAll
  static void stopCluster() {
    SERVERS.forEach(TestServer::close);
    SERVERS.clear();
    NODES.clear();
  }

  @AfterEach
  void close() throws Exception {
    redis.close();
  }

  @Override
  protected KvStore open() throws Exception {
    KvStore store = redis.open(Map.of("addrs", NODES.subList(0, 2), "max_retries", 6));
    store.clear();
    return store;
  }

  @Test
  void readsMayGoToAnyNode() throws Exception {
    for (String key : List.of("read_only", "route_randomly", "route_by_latency")) {
      KvStore store = redis.open(Map.of("addrs", NODES, key, true));
      store.set(List.of(item("a", "1")));
      assertThat(store.has(List.of("a"))).containsExactly("a");
    }
  }

  @Test
  void keysLieOnAllMasters() throws Exception {
    KvStore store = redis.open(Map.of("addrs", NODES));
    store.clear();
    store.set(IntStream.range(0, 300).mapToObj(i -> item("key" + i, "x")).toList());
    for (String node : NODES) {
      assertThat(Integer.parseInt(size(node))).isBetween(50, 150);
    }
    store.clear();
    for (String node : NODES) {
      assertThat(size(node)).isEqualTo("0");
    }
  }

  private static String size(String node) throws Exception {
    String port = node.substring(node.indexOf(':') + 1);
    Process cli = new ProcessBuilder("redis-cli", "-p", port, "dbsize").start();
    return new String(cli.getInputStream().readAllBytes(), UTF_8).strip();
  }
}
