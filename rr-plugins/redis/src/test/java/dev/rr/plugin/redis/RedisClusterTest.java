package dev.rr.plugin.redis;

import static dev.rr.plugin.redis.TestRedis.item;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvStore;
import dev.rr.api.kv.ValueMemory;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import io.lettuce.core.cluster.SlotHash;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three masters, of which the driver is told two. The third is reached through a proxy, over which
 * a connection takes 200 ms.
 */
class RedisClusterTest {
  @TempDir static Path folder;
  private static final List<String> NODES = new ArrayList<>();
  private static final List<TestServer> SERVERS = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private static NodeProxy third;

  private final TestRedis redis = new TestRedis(folder);

  @BeforeAll
  static void startCluster() throws Exception {
    for (int i = 0; i < 3; i++) {
      int port = TestServer.freePort();
      NODES.add("127.0.0.1:" + port);
      String seen = "" + port;
      if (i == 2) {
        third = new NodeProxy(port, Duration.ofMillis(200));
        seen = "" + third.port();
      }
      SERVERS.add(
          TestRedis.server(
              Files.createDirectory(folder.resolve("node" + i)),
              port,
              "--cluster-enabled",
              "yes",
              "--cluster-port",
              "" + TestServer.freePort(),
              "--cluster-announce-port",
              seen,
              "--cluster-node-timeout",
              "15000"));
    }
    TestRedis.cli(
        "",
        Stream.of(List.of("--cluster", "create"), NODES, List.of("--cluster-yes"))
            .flatMap(List::stream)
            .toList());
  }

  @AfterAll
  static void stopCluster() throws Exception {
    SERVERS.forEach(TestServer::close);
    SERVERS.clear();
    NODES.clear();
    third.close();
  }

  @AfterEach
  void close() throws Exception {
    redis.close();
  }

  private static String ask(int node, String... words) throws Exception {
    return TestRedis.cli("", Stream.concat(Stream.of("-p", port(node)), Stream.of(words)).toList());
  }

  private static String port(int node) {
    String address = NODES.get(node);
    return address.substring(address.indexOf(':') + 1);
  }

  private KvStore open(Map<String, ?> more) throws Exception {
    Map<String, Object> config = new HashMap<>(Map.of("addrs", NODES.subList(0, 2)));
    config.putAll(more);
    return redis.open(config);
  }

  private static List<String> keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> "key" + i).toList();
  }

  @Test
  void callsReachAllMastersAtOnceAlsoThoseThatAreFar() throws Exception {
    KvStore store = open(Map.of());
    store.clear();
    List<String> keys = keys(300);
    store.set(keys.stream().map(key -> item(key, "x")).toList());
    for (int node = 0; node < 3; node++) {
      assertThat(Integer.parseInt(ask(node, "dbsize"))).isBetween(50, 150);
    }
    assertThat(store.has(keys)).containsExactlyInAnyOrderElementsOf(keys);
    assertThat(store.get(keys)).containsOnlyKeys(keys);
    store.expire(List.of(new KvItem("key0", new byte[0], soon())));
    assertThat(store.ttl(keys)).containsOnlyKeys("key0");
    store.delete(keys.subList(1, 300));
    assertThat(store.has(keys)).containsExactly("key0");
    store.clear();
    for (int node = 0; node < 3; node++) {
      assertThat(ask(node, "dbsize")).isEqualTo("0");
    }
  }

  private static Optional<Instant> soon() {
    return Optional.of(Instant.now().plusSeconds(600));
  }

  @Test
  void readsMayGoToAnyNode() throws Exception {
    for (String key : List.of("read_only", "route_randomly", "route_by_latency")) {
      KvStore store = open(Map.of(key, true));
      store.set(List.of(item("a", "1")));
      assertThat(store.has(List.of("a"))).containsExactly("a");
    }
  }

  @Test
  void aCallThatANodeSendsOnToAnotherIsAnswered() throws Exception {
    KvStore store = open(Map.of());
    String key = keyOf(0);
    String slot = "" + SlotHash.getSlot(key);
    store.delete(List.of(key));
    String from = ask(0, "cluster", "myid");
    String to = ask(1, "cluster", "myid");
    ask(1, "cluster", "setslot", slot, "importing", from);
    ask(0, "cluster", "setslot", slot, "migrating", to);
    TestRedis.cli("asking\nset " + key + " moved\n", List.of("-p", port(1)));
    assertThat(store.get(List.of(key))).containsEntry(key, "moved".getBytes(UTF_8));
    ask(1, "cluster", "setslot", slot, "node", to);
    ask(0, "cluster", "setslot", slot, "node", to);
    assertThat(store.get(List.of(key))).containsEntry(key, "moved".getBytes(UTF_8));
  }

  /** A key whose slot a node has; they share them out in order. */
  private static String keyOf(int node) {
    return keys(100).stream()
        .filter(key -> SlotHash.getSlot(key) * 3 / SlotHash.SLOT_COUNT == node)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aNodeWhoseConnectionLeadsNowhereIsDialedAgain() throws Exception {
    KvStore store = open(Map.of("read_timeout", "300ms", "dial_timeout", "5s"));
    String key = keyOf(2);
    Await.until("a first answer", () -> finds(store, key));
    third.lose();
    assertThatThrownBy(() -> store.get(List.of(key))).isInstanceOf(OperationException.class);
    Await.until("an answer", () -> finds(store, key));
  }

  private static boolean finds(KvStore store, String key) {
    try {
      store.set(List.of(item(key, "1")));
      return !store.has(List.of(key)).isEmpty();
    } catch (OperationException | InterruptedException e) {
      return false;
    }
  }

  @Test
  void valuesThatFindNoMemoryAreRefused() throws Exception {
    KvStore store = open(Map.of());
    AtomicLong left = new AtomicLong(1_000_000);
    ValueMemory memory =
        bytes -> {
          if (left.addAndGet(-bytes) < 0) {
            throw OperationException.of("values", "no memory for " + bytes);
          }
        };
    List<String> keys = keys(20);
    store.set(keys.stream().map(key -> new KvItem(key, new byte[100_000])).toList());
    assertThatThrownBy(() -> store.get(keys, memory))
        .hasMessageStartingWith("redis_driver_mget: values: no memory for");
    assertThat(store.get(keys.subList(0, 5))).hasSize(5);
  }
}
