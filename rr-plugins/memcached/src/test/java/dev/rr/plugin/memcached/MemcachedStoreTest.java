package dev.rr.plugin.memcached;

import static dev.rr.plugin.memcached.TestMemcached.item;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problems;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvStore;
import dev.rr.testing.kv.KvDriverContract;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.LeakCheck;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three servers, one of which listens on a unix socket. */
class MemcachedStoreTest extends KvDriverContract {
  @TempDir static Path folder;
  private static final List<TestServer> SERVERS = new ArrayList<>();
  private static final List<String> ADDRESSES = new ArrayList<>();

  private final TestMemcached memcached = new TestMemcached(folder);

  @BeforeAll
  static void startServers() throws Exception {
    for (int i = 0; i < 2; i++) {
      int port = TestServer.freePort();
      SERVERS.add(TestMemcached.server(folder, port));
      ADDRESSES.add("127.0.0.1:" + port);
    }
    Path socket = folder.resolve("memcached.sock");
    TestServer unix =
        TestServer.start(folder, List.of("memcached", "-u", "root", "-s", socket.toString()));
    unix.await("its socket", () -> socket.toFile().exists());
    SERVERS.add(unix);
    ADDRESSES.add(socket.toString());
  }

  @AfterAll
  static void stopServers() {
    SERVERS.forEach(TestServer::close);
    SERVERS.clear();
    ADDRESSES.clear();
  }

  @AfterEach
  void close() throws Exception {
    memcached.close();
  }

  @Override
  protected KvStore open() throws Exception {
    KvStore store = memcached.open(Map.of("addr", ADDRESSES));
    store.clear();
    return store;
  }

  @Override
  protected boolean takesAnyKey() {
    return false;
  }

  @Override
  protected boolean tellsExpiries() {
    return false;
  }

  @Test
  void theUnsupportedIsRefusedInUpstreamsWords() throws Exception {
    KvStore store = open();
    assertThatThrownBy(() -> store.ttl(List.of("a")))
        .hasMessage(
            "memcached_plugin_ttl: not valid request for memcached, see"
                + " https://github.com/memcached/memcached/issues/239");
    assertThatThrownBy(
            () -> store.expire(List.of(item("missing", "", Instant.now().plusSeconds(9)))))
        .hasMessage("memcached_plugin_mexpire: memcache: cache miss");
  }

  @Test
  void keysThatMemcachedDoesNotTakeAreRefusedBeforeAnythingIsSent() throws Exception {
    KvStore store = open();
    for (String bad :
        List.of(" a", "a b", "a\r\nflush_all", "a\u007f", "k".repeat(251), "ä".repeat(126))) {
      String text = "malformed: key is too long or contains invalid characters";
      assertThatThrownBy(() -> store.has(List.of("a", bad)))
          .hasMessage("memcached_plugin_has: " + text);
      assertThatThrownBy(() -> store.get(List.of(bad)))
          .hasMessage("memcached_plugin_mget: " + text);
      assertThatThrownBy(() -> store.delete(List.of(bad)))
          .hasMessage("memcached_plugin_delete: " + text);
      assertThatThrownBy(() -> store.set(List.of(item(bad, "x"))))
          .hasMessage("memcached_plugin_set: " + text);
    }
    assertThatThrownBy(() -> store.set(List.of(item("", "x")))).hasMessageContaining("malformed");
    List<KvItem> many = new ArrayList<>();
    IntStream.range(0, 1000).forEach(i -> many.add(item("key" + i, "x")));
    many.add(item("a b", "x"));
    assertThatThrownBy(() -> store.set(many)).hasMessageContaining("malformed");
    assertThat(store.has(List.of("key0", "key999"))).isEmpty();
  }

  @Test
  void aValueThatIsTooLargeIsRefusedAndTheNextIsNot() throws Exception {
    KvStore store = open();
    assertThatThrownBy(() -> store.set(List.of(new KvItem("a", new byte[2 << 20]))))
        .hasMessage(
            "memcached_plugin_set: memcache: unexpected response line from \"set\":"
                + " \"SERVER_ERROR object too large for cache\"");
    store.set(List.of(item("a", "1")));
    assertThat(store.get(List.of("a"))).containsEntry("a", "1".getBytes(UTF_8));
  }

  @Test
  void aKeyLiesOnTheServerThatItsChecksumSays() throws Exception {
    KvStore both = memcached.open(Map.of("addr", ADDRESSES.subList(0, 2)));
    both.clear();
    List<String> keys = IntStream.range(0, 100).mapToObj(i -> "key" + i).toList();
    both.set(keys.stream().map(key -> item(key, "x")).toList());
    for (int i = 0; i < 2; i++) {
      KvStore one = memcached.open(Map.of("addr", ADDRESSES.get(i)));
      int server = i;
      assertThat(one.has(keys))
          .containsExactlyInAnyOrderElementsOf(
              keys.stream().filter(key -> sum(key) % 2 == server).toList());
    }
  }

  private static long sum(String key) {
    CRC32 crc = new CRC32();
    crc.update(key.getBytes(UTF_8));
    return crc.getValue();
  }

  @Test
  void whatIsStoredHasNoFlags() throws Exception {
    KvStore one = memcached.open(Map.of("addr", ADDRESSES.get(0)));
    one.set(List.of(item("plain", "abc")));
    String address = ADDRESSES.get(0);
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        InputStream in = socket.getInputStream()) {
      socket.getOutputStream().write("get plain\r\n".getBytes(UTF_8));
      assertThat(new String(in.readNBytes(26), UTF_8)).isEqualTo("VALUE plain 0 3\r\nabc\r\nEND\r");
    }
  }

  @Test
  void addressesAreCheckedBeforeTheStart() {
    Problems problems = new Problems();
    assertThatThrownBy(() ->
            memcached.plugin.check(
                "users",
                TestMemcached.section(Map.of("addr", "localhost", "timeout", "0s"), problems)))
        .hasMessageContaining("kv.users.config.addr: 'localhost' is no address: it has no port")
        .hasMessageContaining("kv.users.config.timeout: is 0s");
    memcached.plugin.check("users", TestMemcached.section(Map.of(), problems).section("config"));
    assertThat(problems.found().toString()).contains("config not found by provided key");
  }

  @Test
  void leavesNothingBehind() throws Exception {
    LeakCheck.around(() -> {
      try (TestMemcached alone = new TestMemcached(folder)) {
        alone.open(Map.of("addr", ADDRESSES)).set(List.of(item("a", "1")));
      }
    });
  }
}
