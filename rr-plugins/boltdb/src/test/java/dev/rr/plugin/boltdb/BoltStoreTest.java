package dev.rr.plugin.boltdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvStore;
import dev.rr.api.kv.ValueMemory;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.OsText;
import dev.rr.journal.Journal;
import dev.rr.testing.kv.KvDriverContract;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
class BoltStoreTest extends KvDriverContract {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;

  private volatile Instant now = NOW;

  @Override
  protected KvStore open() throws Exception {
    return store("contract.db", InstantSource.system());
  }

  private BoltStore store(String name, InstantSource clock) throws Exception {
    return store(name, clock, Duration.ofMillis(20), Long.MAX_VALUE);
  }

  private BoltStore store(String name, InstantSource clock, Duration dropping, long mostMemory)
      throws Exception {
    Journal.Options options =
        new Journal.Options(name, FileMode.of(0600), dropping, new RecordingLog());
    return new BoltStore(
        Journal.open(folder.resolve(name), options, () -> new KvIndex(clock)),
        clock,
        new IndexMemory(mostMemory));
  }

  /** A step that a storage takes. */
  private interface Step {
    void on(BoltStore store) throws Exception;
  }

  /** Opens the storage under the test's clock, and closes it. */
  private void opened(Step step) throws Exception {
    BoltStore store = store("test.db", () -> now);
    try {
      step.on(store);
    } finally {
      store.close(soon());
    }
  }

  @Test
  void valuesAndExpiriesSurviveARestart() throws Exception {
    opened(store -> store.set(List.of(item("a", "1"), item("b", "2", NOW.plusSeconds(60)))));
    opened(store -> store.expire(List.of(item("a", "", NOW.plusSeconds(90)))));
    opened(store -> {
      assertThat(store.ttl(List.of("a", "b")))
          .isEqualTo(
              Map.of("a", Optional.of(NOW.plusSeconds(90)), "b", Optional.of(NOW.plusSeconds(60))));
      now = NOW.plusSeconds(60);
      assertThat(store.has(List.of("a", "b"))).containsExactly("a");
    });
    opened(store -> assertThat(store.get(List.of("a", "b"))).containsOnlyKeys("a"));
  }

  @Test
  void anItemIsThereUntilTheMillisecondInWhichItExpires() throws Exception {
    opened(store -> {
      store.set(List.of(item("a", "1", NOW.plusMillis(250))));
      now = NOW.plusMillis(249);
      assertThat(store.has(List.of("a"))).containsExactly("a");
      now = NOW.plusMillis(250);
      assertThat(store.has(List.of("a"))).isEmpty();
      assertThat(store.get(List.of("a"))).isEmpty();
      assertThat(store.ttl(List.of("a"))).isEmpty();
    });
  }

  @Test
  void anExpiryDoesNotBringBackWhatHasExpired() throws Exception {
    opened(store -> {
      store.set(List.of(item("a", "1", NOW.plusSeconds(1))));
      now = NOW.plusSeconds(2);
      store.expire(List.of(item("a", "", NOW.plusSeconds(60))));
      assertThat(store.has(List.of("a"))).isEmpty();
    });
    now = NOW;
    opened(store ->
        assertThat(store.ttl(List.of("a"))).containsValue(Optional.of(NOW.plusSeconds(1))));
  }

  @Test
  void absurdExpiriesAreTakenAtTheirWord() throws Exception {
    opened(store -> {
      store.set(List.of(item("past", "1", Instant.MIN), item("future", "2", Instant.MAX)));
      assertThat(store.has(List.of("past", "future"))).containsExactly("future");
    });
    opened(store -> assertThat(store.ttl(List.of("past", "future"))).containsOnlyKeys("future"));
  }

  @Test
  void tellsTheExpiriesOfThoseKeysOnlyThatHaveOne() throws Exception {
    opened(store -> {
      store.set(List.of(item("permanent", "1"), item("ephemeral", "2", NOW.plusSeconds(60))));
      assertThat(store.ttl(List.of("permanent", "ephemeral"))).containsOnlyKeys("ephemeral");
    });
  }

  @Test
  void setsAllItemsOrNone() throws Exception {
    opened(store -> {
      assertThatThrownBy(() -> store.set(List.of(item("z1", "1"), item("", "2"), item("z2", "3"))))
          .hasMessage("boltdb_driver_set: key required");
      assertThat(store.has(List.of("z1", "z2"))).isEmpty();
      store.set(List.of(item(" ", "blank")));
      assertThatThrownBy(() -> store.set(List.of(item("k".repeat(32_769), "1"))))
          .hasMessage("boltdb_driver_set: key too large");
      store.set(List.of(item("k".repeat(32_768), "1")));
    });
  }

  @Test
  void keepsKeysThatAreNoText() throws Exception {
    String binary = OsText.of(new byte[] {(byte) 0xff, 0, 'a', (byte) 0x80});
    String other = OsText.of(new byte[] {(byte) 0xfe, 0, 'a', (byte) 0x80});
    opened(store -> store.set(List.of(item(binary, "1"))));
    opened(store -> assertThat(store.has(List.of(binary, other))).containsExactly(binary));
  }

  @Test
  void takesTenThousandKeysInOneCall() throws Exception {
    List<String> keys = IntStream.range(0, 10_000).mapToObj(i -> "key " + i).toList();
    opened(store -> {
      store.set(keys.stream().map(key -> item(key, key)).toList());
      store.expire(keys.stream().map(key -> item(key, "", NOW.plusSeconds(9))).toList());
    });
    opened(store -> {
      assertThat(store.get(keys)).hasSize(10_000).containsEntry("key 77", "key 77".getBytes(UTF_8));
      store.delete(keys.subList(0, 9_999));
      assertThat(store.has(keys)).containsExactly("key 9999");
    });
  }

  @Test
  void forgetsWhatHasExpiredAndDropsItFromTheFile() throws Exception {
    byte[] value = new byte[1_000_000];
    opened(store -> {
      for (int i = 0; i < 6; i++) {
        store.set(List.of(new KvItem("k" + i, value, Optional.of(NOW.plusSeconds(1)))));
      }
      now = NOW.plusSeconds(1);
      Await.until("the file is small", () -> size("test.db") < 1_000_000);
    });
  }

  private long size(String name) {
    return folder.resolve(name).toFile().length();
  }

  @Test
  void refusesMoreKeysThanItHasMemoryFor() throws Exception {
    BoltStore store = store("test.db", () -> now, Duration.ofSeconds(60), 2_000);
    try {
      List<String> set = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  store.set(List.of(item("k" + i, "1")));
                  set.add("k" + i);
                }
              })
          .hasMessageContaining("keys and jobs in files take the");
      assertThat(store.has(set)).hasSameSizeAs(set).hasSizeGreaterThan(5);
      store.delete(set);
      store.set(List.of(item("again", "1")));
    } finally {
      store.close(soon());
    }
  }

  @Test
  void asksForMemoryBeforeItReadsValues() throws Exception {
    opened(store -> {
      store.set(List.of(item("a", "12345"), item("b", "123")));
      List<Long> asked = new ArrayList<>();
      assertThat(store.get(List.of("a", "b", "a", "c"), asked::add)).containsOnlyKeys("a", "b");
      assertThat(asked).as("for each key once").containsExactly(8L + 2 * ValueMemory.ENTRY);
      assertThatThrownBy(() ->
              store.get(
                  List.of("a"),
                  bytes -> {
                    throw OperationException.of("values", "no memory for " + bytes);
                  }))
          .hasMessage("boltdb_driver_mget:\n\tvalues: no memory for " + (5 + ValueMemory.ENTRY));
    });
  }

  @Test
  void keysOfLargeLettersAreNoGarbage() throws Exception {
    String letters = "\u754c".repeat(100);
    opened(store -> {
      for (int i = 0; i < 60; i++) {
        int from = i * 1_000;
        store.set(
            IntStream.range(from, from + 1_000).mapToObj(n -> item(letters + n, "")).toList());
      }
      Object file = identity();
      for (int i = 0; i < 50; i++) {
        store.set(List.of(item("a", "1")));
      }
      assertThat(identity()).isEqualTo(file);
    });
  }

  private Object identity() throws IOException {
    BasicFileAttributes is =
        Files.readAttributes(folder.resolve("test.db"), BasicFileAttributes.class);
    return Objects.requireNonNull(is.fileKey());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }
}
