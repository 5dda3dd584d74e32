package dev.rr.plugin.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvStore;
import dev.rr.testing.kv.KvDriverContract;
import dev.rr.testing.plugin.Scrape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends KvDriverContract {
  private final AtomicLong now = new AtomicLong(1_000_000);
  private Room room = new Room(1_000_000_000);
  private EntryTable table = new EntryTable(EntryTable.Bounds.NONE, room, now::get);

  @Override
  protected KvStore open() {
    Room unlimited = new Room(Long.MAX_VALUE);
    return new MemoryStore(
        new EntryTable(EntryTable.Bounds.NONE, unlimited, System::currentTimeMillis),
        unlimited,
        null);
  }

  @Override
  protected boolean readsValues() {
    return false;
  }

  private MemoryStore store(EntryTable.Bounds bounds) {
    table = new EntryTable(bounds, room, now::get);
    return new MemoryStore(table, room, null);
  }

  private static KvItem sized(String key, int bytes) {
    return new KvItem(key, new byte[bytes]);
  }

  private static KvItem until(String key, long millis) {
    return new KvItem(key, new byte[0], Optional.of(Instant.ofEpochMilli(millis)));
  }

  @Test
  void anItemExistsToTheMillisecondBeforeItsExpiry() throws Exception {
    MemoryStore store = store(EntryTable.Bounds.NONE);
    store.set(List.of(until("a", 1_000_100), until("b", 1_000_100)));
    store.expire(List.of(until("b", 1_000_200)));
    now.set(1_000_099);
    assertThat(store.has(List.of("a", "b"))).containsExactlyInAnyOrder("a", "b");
    now.set(1_000_100);
    assertThat(store.has(List.of("a", "b"))).containsExactly("b");
    assertThat(store.get(List.of("a"))).isEmpty();
    assertThat(store.ttl(List.of("a", "b"))).containsOnlyKeys("b");
    store.expire(List.of(until("a", 1_000_900)));
    assertThat(store.has(List.of("a"))).as("what has expired does not come back").isEmpty();
    now.set(1_000_200);
    assertThat(store.has(List.of("b"))).isEmpty();
  }

  @Test
  void expiredItemsGiveTheirMemoryBackWhenSwept() throws Exception {
    MemoryStore store = store(EntryTable.Bounds.NONE);
    store.set(List.of(until("a", 1_000_100), sized("b", 10)));
    assertThat(room.taken()).isEqualTo(table.bytes()).isPositive();
    now.set(1_000_100);
    store.sweep();
    assertThat(table.size()).isEqualTo(1);
    assertThat(room.taken()).isEqualTo(Entry.weight("b", new byte[10]));
    store.clear();
    assertThat(room.taken()).isZero();
  }

  @Test
  void aSweepLeavesWhatWasSetAnewOrGivenALaterEnd() throws Exception {
    MemoryStore store = store(EntryTable.Bounds.NONE);
    store.set(List.of(until("a", 1_000_100), until("b", 1_000_100)));
    now.set(1_000_100);
    List<Entry> expired = table.expired();
    store.set(List.of(sized("a", 1)));
    expired.forEach(table::removeExpired);
    assertThat(store.has(List.of("a", "b"))).containsExactly("a");
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void everyChangeLeavesTheRoomThatIsReallyTaken() throws Exception {
    MemoryStore store = store(EntryTable.Bounds.NONE);
    store.set(List.of(sized("a", 10), sized("b", 20), sized("a", 30)));
    store.set(List.of(until("b", 5), until("missing", 5)));
    store.delete(List.of("b", "c"));
    assertThat(room.taken()).isEqualTo(Entry.weight("a", new byte[30]));
    store.expire(List.of(until("a", 5)));
    assertThat(room.taken()).isZero();
  }

  @Test
  void ofTooManyKeysThoseGoThatWereNotRead() throws Exception {
    MemoryStore store = store(new EntryTable.Bounds(3, Long.MAX_VALUE));
    store.set(List.of(sized("a", 1), sized("b", 1), sized("c", 1)));
    store.has(List.of("a"));
    store.set(List.of(sized("d", 1)));
    assertThat(store.has(List.of("a", "b", "c", "d"))).containsExactlyInAnyOrder("a", "c", "d");
    store.set(List.of(sized("a", 2)));
    assertThat(table.size()).as("a key that is set again takes no place").isEqualTo(3);
    assertThat(Scrape.of(sink -> store.collect(sink, "users")).values())
        .containsEntry("rr_memory_kv_entries{storage=\"users\"}", 3.0)
        .containsEntry("rr_memory_kv_evictions_total{storage=\"users\"}", 1.0)
        .containsKey("rr_memory_kv_bytes{storage=\"users\"}");
  }

  @Test
  void whatHasExpiredGoesBeforeWhatWasReadLately() throws Exception {
    MemoryStore store = store(new EntryTable.Bounds(2, Long.MAX_VALUE));
    store.set(List.of(sized("a", 1), until("b", 1_000_100)));
    store.has(List.of("a", "b"));
    now.set(1_000_100);
    store.set(List.of(sized("c", 1)));
    assertThat(store.has(List.of("a", "b", "c"))).containsExactlyInAnyOrder("a", "c");
  }

  @Test
  void moreKeysInOneCallThanThereMayBeLeaveTheLast() throws Exception {
    MemoryStore store = store(new EntryTable.Bounds(10, Long.MAX_VALUE));
    List<String> keys = IntStream.range(0, 100).mapToObj(i -> "k" + i).toList();
    store.set(keys.stream().map(key -> sized(key, 1)).toList());
    assertThat(store.has(keys)).containsExactlyInAnyOrderElementsOf(keys.subList(90, 100));
  }

  @Test
  void bytesAreBoundedToTheLast() throws Exception {
    long two = 2 * Entry.weight("a", new byte[100]);
    MemoryStore store = store(new EntryTable.Bounds(Long.MAX_VALUE, two));
    store.set(List.of(sized("a", 100), sized("b", 100)));
    assertThat(table.bytes()).isEqualTo(two);
    store.set(List.of(sized("a", 101)));
    assertThat(store.has(List.of("a", "b"))).containsExactly("a");
    assertThatThrownBy(() -> store.set(List.of(sized("c", 1), sized("d", 1_000))))
        .hasMessageContaining("larger than the storage's max_size");
    assertThat(store.has(List.of("a", "c", "d"))).containsExactly("a");
  }

  @Test
  void withoutBoundsNothingIsForgottenAndTheHeapIsNotFilled() throws Exception {
    room = new Room(1_000);
    MemoryStore store = store(EntryTable.Bounds.NONE);
    store.set(List.of(until("old", 1_000_100), sized("a", 500)));
    assertThatThrownBy(() -> store.set(List.of(sized("b", 500))))
        .hasMessageStartingWith("in_memory_plugin_set: no room for 645 bytes")
        .hasMessageContaining("max_size")
        .hasMessageContaining("-Xmx");
    assertThat(store.has(List.of("old", "a", "b"))).containsExactlyInAnyOrder("old", "a");
    now.set(1_001_100);
    store.set(List.of(sized("c", 200)));
    assertThat(table.size()).as("what has expired makes room").isEqualTo(2);
  }

  @Test
  void aBoundedStorageMakesRoomOfItsOwnKeysWhenTheHeapHasNone() throws Exception {
    room = new Room(1_000);
    MemoryStore store = store(new EntryTable.Bounds(1_000, Long.MAX_VALUE));
    for (int i = 0; i < 100; i++) {
      store.set(List.of(sized("k" + i, 100)));
    }
    assertThat(table.size()).isEqualTo(4);
    assertThat(store.has(List.of("k99"))).containsExactly("k99");
  }

  @Test
  void aSetThatCouldNotBeKeptAnywayEvictsNothing() throws Exception {
    room = new Room(1_000);
    assertThat(room.take(700)).as("another storage's").isTrue();
    MemoryStore store = store(new EntryTable.Bounds(1_000, Long.MAX_VALUE));
    store.set(List.of(sized("a", 100)));
    assertThatThrownBy(() -> store.set(List.of(sized("b", 500))))
        .hasMessageContaining("no room for 645 bytes");
    assertThat(store.has(List.of("a"))).containsExactly("a");
    store.set(List.of(sized("b", 100)));
    assertThat(store.has(List.of("a", "b"))).containsExactly("b");
  }

  @Test
  void whoFindsNoRoomLooksForWhatHasExpiredOnceASecondOnly() throws Exception {
    room = new Room(1_000);
    MemoryStore store = store(EntryTable.Bounds.NONE);
    for (int i = 1; i <= 4; i++) {
      store.set(List.of(new KvItem("k" + i, new byte[100], Optional.of(at(1_000_000 + i)))));
    }
    now.set(1_000_001);
    store.set(List.of(sized("a", 100)));
    assertThat(table.size()).as("k1 made room").isEqualTo(4);
    now.set(1_000_900);
    assertThatThrownBy(() -> store.set(List.of(sized("b", 100)))).hasMessageContaining("no room");
    now.set(1_001_001);
    store.set(List.of(sized("b", 100)));
    assertThat(store.has(List.of("a", "b"))).hasSize(2);
    assertThat(table.size()).isEqualTo(2);
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  @Test
  void keysThatAreSetOverAndOverTakeOnePlaceEachAndNoThread() throws Exception {
    MemoryStore store = store(EntryTable.Bounds.NONE);
    int threads = Thread.getAllStackTraces().size();
    for (int i = 0; i < 10_000; i++) {
      long end = 2_000_000 + i;
      store.set(List.of(until("a", end), until("b", end), until("c", end), until("d", end)));
    }
    assertThat(table.size()).isEqualTo(4);
    assertThat(room.taken()).isEqualTo(4 * Entry.weight("a", new byte[0]));
    assertThat(Thread.getAllStackTraces()).hasSizeLessThanOrEqualTo(threads + 10);
  }

  /** Upstream's own case, to the second. */
  @Test
  void countsAreUpstreamsFiveSecondsAndTenSecondsLater() throws Exception {
    MemoryStore store = store(EntryTable.Bounds.NONE);
    long begun = now.get();
    List<String> three = List.of("a", "b", "c");
    store.set(
        List.of(
            item("a", "aa"),
            until("b", begun + 500_000),
            until("c", begun + 5_000),
            item("d", "dd"),
            item("e", "ee")));
    assertThat(store.has(three)).hasSize(3);
    now.addAndGet(7_000);
    assertThat(store.has(three)).hasSize(2);
    assertThat(store.get(three)).hasSize(2);

    List<String> given = List.of("a", "b", "d");
    long end = now.get() + 10_000;
    store.expire(given.stream().map(key -> until(key, end)).toList());
    assertThat(store.ttl(given)).hasSize(3).containsValue(Optional.of(at(end)));
    assertThat(store.get(given)).containsEntry("a", "aa".getBytes(UTF_8)).hasSize(3);
    now.addAndGet(15_000);
    assertThat(store.has(given)).isEmpty();
    store.delete(List.of("e"));
    assertThat(store.has(List.of("e"))).isEmpty();

    List<String> five = List.of("a", "b", "c", "d", "e");
    store.set(five.stream().map(key -> item(key, key + key)).toList());
    assertThat(store.has(five)).hasSize(5);
    store.clear();
    assertThat(store.has(five)).isEmpty();
  }

  @Test
  void aKeyWithoutAnExpiryIsToldWithoutOne() throws Exception {
    MemoryStore store = store(EntryTable.Bounds.NONE);
    store.set(List.of(item("permanent", "1"), until("ephemeral", 1_060_000)));
    assertThat(store.ttl(List.of("permanent", "ephemeral", "missing")))
        .isEqualTo(Map.of("permanent", Optional.empty(), "ephemeral", Optional.of(at(1_060_000))));
  }

  /** Readers must never see an item half, nor a key missing that is set over and over. */
  @Test
  void readersSeeEveryKeyWholeWhileOthersWrite() throws Exception {
    KvStore store = open();
    store.set(List.of(pair(0)));
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        done.add(
            threads.submit(() -> {
              for (int i = 0; i < 20_000; i++) {
                store.set(List.of(pair(i)));
              }
              return true;
            }));
        done.add(
            threads.submit(() -> {
              for (int i = 0; i < 20_000; i++) {
                Map<String, byte[]> got = store.get(List.of("key"));
                assertThat(got).containsOnlyKeys("key");
                String text = new String(got.getOrDefault("key", new byte[0]), UTF_8);
                assertThat(text.substring(0, 8)).isEqualTo(text.substring(8));
              }
              return true;
            }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    }
  }

  private static KvItem pair(int number) {
    return item("key", "%08d%08d".formatted(number, number));
  }
}
