package dev.rr.plugin.redis;

import static dev.rr.plugin.redis.TestRedis.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvStore;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import java.nio.file.Path;
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
  @TempDir Path folder;
  private SentinelSet set;
  private TestRedis redis;

  @BeforeEach
  void startAll() throws Exception {
    set = SentinelSet.start(folder, 3, false);
    redis = new TestRedis(folder);
  }

  @AfterEach
  void stopAll() throws Exception {
    redis.close();
    set.close();
  }

  @Test
  void theReplicaIsWrittenToOnceItIsTheMaster() throws Exception {
    Map<String, Object> reading = new HashMap<>(set.config());
    reading.put("route_randomly", true);
    KvStore store = redis.open(set.config());
    KvStore readsAnywhere = redis.open(reading);
    store.set(List.of(item("a", "1")));
    Await.until("it is replicated", () -> has(readsAnywhere));

    set.master().kill();

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
