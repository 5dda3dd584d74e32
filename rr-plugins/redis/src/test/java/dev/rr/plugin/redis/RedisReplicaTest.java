package dev.rr.plugin.redis;

import static dev.rr.plugin.redis.TestRedis.item;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvStore;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A storage that reads from the replica of the master that a sentinel knows. */
@ExtendWith(LeakCheck.class)
class RedisReplicaTest {
  @TempDir Path folder;
  private SentinelSet set;
  private TestRedis redis;

  @BeforeEach
  void startAll() throws Exception {
    set = SentinelSet.start(folder, 1, true);
    redis = new TestRedis(folder);
  }

  @AfterEach
  void stopAll() throws Exception {
    redis.close();
    set.close();
  }

  private KvStore open(Map<String, ?> more) throws Exception {
    Map<String, Object> config = new HashMap<>(set.config());
    config.put("read_only", true);
    config.putAll(more);
    return redis.open(config);
  }

  private static boolean sets(KvStore store, String key) {
    try {
      store.set(List.of(item(key, "1")));
      return true;
    } catch (OperationException | InterruptedException e) {
      return false;
    }
  }

  private static boolean finds(KvStore store, String key) {
    try {
      return !store.get(List.of(key)).isEmpty();
    } catch (OperationException | InterruptedException e) {
      return false;
    }
  }

  @Test
  void whatIsReadComesFromTheReplicaAndWhatIsWrittenGoesToTheMaster() throws Exception {
    KvStore store = open(Map.of());
    store.set(List.of(item("a", "1")));
    Await.until("it is replicated", () -> finds(store, "a"));
    store.delete(List.of("a"));
    Await.until("that too", () -> !finds(store, "a"));
    assertThat(set.askedOfReplica()).contains("cmdstat_mget:");
    assertThat(set.askedOfMaster())
        .contains("cmdstat_set:", "cmdstat_del:")
        .doesNotContain("cmdstat_mget:");
  }

  @Test
  void aSilentReplicaIsWaitedForAsLongAsSaidAndThenTheMasterIsRead() throws Exception {
    KvStore store = open(Map.of("read_timeout", "300ms", "dial_timeout", "1s"));
    Await.until("a first answer", () -> sets(store, "a"));
    Await.until("it is replicated", () -> finds(store, "a"));

    set.wayToReplica().stall();
    long began = System.nanoTime();
    assertThatThrownBy(() -> store.get(List.of("a")))
        .hasMessage("redis_driver_mget: no answer within 300 ms");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
    Await.until("an answer of the master", () -> sets(store, "b"));
    Await.until("the master is read", () -> finds(store, "b"));
    assertThat(store.get(List.of("b"))).containsEntry("b", "1".getBytes(UTF_8));

    KvStore late = open(Map.of("read_timeout", "300ms", "dial_timeout", "1s"));
    Await.until("who comes later is served as well", () -> finds(late, "b"));
  }
}
