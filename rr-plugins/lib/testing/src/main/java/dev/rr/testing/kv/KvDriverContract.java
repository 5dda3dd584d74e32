package dev.rr.testing.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvRequests;
import dev.rr.api.kv.KvStore;
import dev.rr.api.kv.ValueMemory;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.worker.Await;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link KvStore} has to do, whatever stands behind it. The test of a driver extends
 * this; where its broker cannot, it says so in one of the questions below.
 */
public abstract class KvDriverContract {
  private static final byte[] NOTHING = {};

  /** The last moment that a client can write. */
  private static final Instant FAR = Instant.parse("9999-12-31T23:59:59Z");

  private KvStore store;

  /** Opens a storage that nothing is in, with the driver's defaults. */
  protected abstract KvStore open() throws Exception;

  /** Whether keys may hold blanks and control characters; those of memcached may not. */
  protected boolean takesAnyKey() {
    return true;
  }

  /** Whether it can tell when keys expire; memcached cannot. */
  protected boolean tellsExpiries() {
    return true;
  }

  /** Whether values are read for a call; those of memory are there already. */
  protected boolean readsValues() {
    return true;
  }

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStoreTwice() throws Exception {
    store.close(Deadline.after(Duration.ofSeconds(5)));
    store.close(Deadline.after(Duration.ofSeconds(5)));
  }

  @Test
  void findsWhatWasSetAndNothingElse() throws Exception {
    store.set(List.of(item("a", "1"), item("b", "2")));
    assertThat(store.has(List.of("a", "b", "c", "a"))).containsExactlyInAnyOrder("a", "b");
    assertThat(texts("b", "c")).isEqualTo(Map.of("b", "2"));
  }

  @Test
  void keepsBytesAsTheyAre() throws Exception {
    byte[] all = new byte[1_000_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    store.set(
        List.of(
            new KvItem("all", all, Optional.empty()),
            new KvItem("empty", NOTHING, Optional.empty())));
    assertThat(store.get(List.of("all", "empty")))
        .containsEntry("all", all)
        .containsEntry("empty", NOTHING);
  }

  @Test
  void keepsKeysAsTheyAre() throws Exception {
    List<String> keys = new ArrayList<>(List.of("A", "a", "ä", "a\u0308", "\ud83d\ude00"));
    keys.add("k".repeat(250));
    if (takesAnyKey()) {
      keys.addAll(List.of(" a", "a ", "a\u0000", "\u0001\r\n\t"));
    }
    for (String key : keys) {
      store.set(List.of(item(key, "value of " + key)));
    }
    assertThat(store.has(keys)).containsExactlyInAnyOrderElementsOf(keys);
    for (String key : keys) {
      assertThat(texts(key)).isEqualTo(Map.of(key, "value of " + key));
    }
  }

  @Test
  void takesTenThousandKeysInOneCall() throws Exception {
    List<String> keys = IntStream.range(0, 10_000).mapToObj(i -> "key" + i).toList();
    store.set(keys.stream().map(key -> item(key, "value of " + key)).toList());
    Map<String, byte[]> values = store.get(keys);
    assertThat(values).hasSize(keys.size());
    assertThat(values).containsEntry("key9999", "value of key9999".getBytes(UTF_8));
    store.delete(keys.subList(1, keys.size()));
    assertThat(store.has(keys)).containsExactly("key0");
  }

  @Test
  void valuesThatFindNoMemoryAreAnErrorAfterWhichItGoesOn() throws Exception {
    List<String> keys = IntStream.range(0, 20).mapToObj(i -> "large" + i).toList();
    for (String key : keys) {
      store.set(List.of(new KvItem(key, new byte[500_000])));
    }
    if (!readsValues()) {
      assertThat(store.get(keys, memory(0))).hasSize(20);
      return;
    }
    assertThatThrownBy(() -> store.get(keys, memory(2_000_000)))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("_mget")
        .hasMessageContaining("values: no memory for");
    assertThat(store.get(keys.subList(0, 3), memory(2_000_000)))
        .containsOnlyKeys("large0", "large1", "large2");
    assertThat(store.has(keys)).hasSize(20);
  }

  /** So much memory for the values of one call. */
  private static ValueMemory memory(long size) {
    AtomicLong left = new AtomicLong(size);
    return bytes -> {
      if (left.addAndGet(-bytes) < 0) {
        throw OperationException.of("values", "no memory for " + bytes);
      }
    };
  }

  @Test
  void theLastOfTwoItemsWithOneKeyStays() throws Exception {
    store.set(List.of(item("a", "first"), item("a", "second")));
    assertThat(texts("a")).isEqualTo(Map.of("a", "second"));
  }

  @Test
  void deletesWhatIsThereAndIsSilentAboutTheRest() throws Exception {
    store.set(List.of(item("a", "1"), item("b", "2")));
    store.delete(List.of("a", "missing"));
    assertThat(store.has(List.of("a", "b"))).containsExactly("b");
  }

  @Test
  void clearsEverything() throws Exception {
    store.set(List.of(item("a", "1"), item("b", "2", Instant.now().plusSeconds(60))));
    store.clear();
    assertThat(store.has(List.of("a", "b"))).isEmpty();
    store.set(List.of(item("a", "again")));
    assertThat(texts("a")).isEqualTo(Map.of("a", "again"));
  }

  @Test
  void forgetsAnItemWhenItExpires() throws Exception {
    Instant soon = Instant.now().plusMillis(1500);
    store.set(List.of(item("soon", "1", soon), item("never", "2")));
    assertAllAreThere(List.of("soon", "never"), soon);
    Await.until("the item expires", () -> !exists("soon"));
    assertThat(texts("soon", "never")).isEqualTo(Map.of("never", "2"));
  }

  @Test
  void anItemWhoseExpiryHasPassedIsGoneWithTheOneBeforeIt() throws Exception {
    Instant past = Instant.now().minusSeconds(5);
    store.set(List.of(item("a", "old"), item("b", "old"), item("c", "old")));
    store.set(List.of(item("a", "new", past), item("b", "new", Instant.EPOCH)));
    store.expire(List.of(item("c", "", past)));
    Await.until("they are gone", () -> !exists("a") && !exists("b") && !exists("c"));
    assertThat(texts("a", "b", "c")).isEmpty();
  }

  @Test
  void anExpiryInAFarFutureIsOne() throws Exception {
    store.set(List.of(item("a", "1", FAR), item("b", "2")));
    store.expire(List.of(item("b", "", FAR)));
    assertThat(texts("a", "b")).isEqualTo(Map.of("a", "1", "b", "2"));
    if (tellsExpiries()) {
      assertThat(store.ttl(List.of("a", "b"))).containsOnlyKeys("a", "b");
    }
  }

  @Test
  void anItemWithoutAnExpiryTakesTheOldOneAway() throws Exception {
    Instant soon = Instant.now().plusMillis(1500);
    store.set(List.of(item("a", "1", soon), item("witness", "1", soon)));
    store.set(List.of(item("a", "2")));
    Await.until("the other one expires", () -> !exists("witness"));
    assertThat(texts("a")).isEqualTo(Map.of("a", "2"));
  }

  @Test
  void givesAKeyAnotherExpiryAndKeepsItsValue() throws Exception {
    store.set(List.of(item("a", "1"), item("b", "2", Instant.now().plusSeconds(3600))));
    Instant later = Instant.now().plusSeconds(1800);
    store.expire(List.of(item("a", "", later), item("b", "", later)));
    assertThat(texts("a", "b")).isEqualTo(Map.of("a", "1", "b", "2"));
    store.expire(List.of(item("a", "", Instant.now().plusMillis(1500))));
    Await.until("the key expires", () -> !exists("a"));
    assertThat(texts("a", "b")).isEqualTo(Map.of("b", "2"));
  }

  @Test
  void makesNoKeyOutOfAnExpiry() throws Exception {
    try {
      store.expire(List.of(item("missing", "", Instant.now().plusSeconds(60))));
    } catch (OperationException refused) {
      // Some brokers say that it is not there.
    }
    assertThat(store.has(List.of("missing"))).isEmpty();
  }

  @Test
  void refusesAnExpiryWithoutAMomentOrAKey() throws Exception {
    store.set(List.of(item("a", "1")));
    KvItem blank = item(" ", "", Instant.now().plusSeconds(60));
    for (KvItem bad : List.of(item("a", ""), blank)) {
      assertThatThrownBy(() -> store.expire(List.of(bad))).isInstanceOf(OperationException.class);
    }
    assertThat(texts("a")).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void tellsWhenKeysExpireToTheSecond() throws Exception {
    Instant later = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
    store.set(List.of(item("a", "1", later), item("never", "2")));
    List<String> keys = List.of("a", "never", "missing");
    if (!tellsExpiries()) {
      assertThatThrownBy(() -> store.ttl(keys)).isInstanceOf(OperationException.class);
      return;
    }
    Map<String, Optional<Instant>> ttl = store.ttl(keys);
    assertThat(ttl.getOrDefault("a", Optional.empty()))
        .hasValueSatisfying(t -> assertThat(t).isCloseTo(later, within(2, ChronoUnit.SECONDS)));
    // Brokers that know such a key only as one without a time may leave it out.
    assertThat(ttl.getOrDefault("never", Optional.empty())).isEmpty();
    assertThat(ttl).doesNotContainKey("missing");
  }

  @Test
  void refusesABlankKeyAndDoesNothing() throws Exception {
    store.set(List.of(item("a", "1")));
    for (String blank : List.of("", " ")) {
      assertEachRefuses(KvRequests.EMPTY_KEY, List.of("a", blank));
    }
    assertThat(texts("a")).isEqualTo(Map.of("a", "1"));
  }

  private void assertEachRefuses(String kind, List<String> keys) {
    assertRefused(kind, () -> store.has(keys));
    assertRefused(kind, () -> store.get(keys));
    assertRefused(kind, () -> store.delete(keys));
    if (tellsExpiries()) {
      assertRefused(kind, () -> store.ttl(keys));
    }
  }

  /** What upstream's tests of each driver do, in a third of the time. */
  @Test
  void countsAreUpstreamsWhileItemsExpireAndAreGivenLaterEnds() throws Exception {
    List<String> three = List.of("a", "b", "c");
    Instant soon = Instant.now().plusMillis(1500);
    store.set(
        List.of(
            item("a", "aa"),
            item("b", "bb", Instant.now().plusSeconds(500)),
            item("c", "cc", soon),
            item("d", "dd"),
            item("e", "ee")));
    assertAllAreThere(three, soon);
    Await.until("c expires", () -> !exists("c"));
    assertThat(store.has(three)).hasSize(2);
    assertThat(store.get(three)).hasSize(2);

    List<String> given = List.of("a", "b", "d");
    Instant end = Instant.now().plusMillis(1500);
    store.expire(given.stream().map(key -> item(key, "", end)).toList());
    if (tellsExpiries()) {
      Map<String, Optional<Instant>> expiries = store.ttl(given);
      if (Instant.now().isBefore(end)) {
        assertThat(expiries).hasSize(3);
      }
    }
    Await.until("they expire", () -> !exists("a") && !exists("b") && !exists("d"));
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
  void servesManyThreadsAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String name = "thread" + i;
        done.add(
            threads.submit(() -> {
              useAlone(name);
              return true;
            }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    }
    List<String> kept = IntStream.range(0, 8).mapToObj(i -> "thread" + i).toList();
    assertThat(store.get(kept)).hasSize(8);
  }

  private void useAlone(String key) throws Exception {
    for (int i = 0; i < 100; i++) {
      store.set(List.of(item(key, "value " + i), item(key + "-old", "x")));
      assertThat(texts(key)).isEqualTo(Map.of(key, "value " + i));
      store.delete(List.of(key + "-old"));
      assertThat(store.has(List.of(key + "-old"))).isEmpty();
    }
  }

  /** Unless so much time has passed that they need not be there any more. */
  private void assertAllAreThere(List<String> keys, Instant expiry) throws Exception {
    Set<String> there = store.has(keys);
    if (Instant.now().isBefore(expiry)) {
      assertThat(there).hasSameSizeAs(keys);
    }
  }

  private static void assertRefused(String kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  private boolean exists(String key) {
    try {
      return !store.has(List.of(key)).isEmpty();
    } catch (OperationException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Map<String, String> texts(String... keys) throws Exception {
    Map<String, String> texts = new HashMap<>();
    store.get(List.of(keys)).forEach((key, value) -> texts.put(key, new String(value, UTF_8)));
    return texts;
  }

  /** An item that stays. */
  protected static KvItem item(String key, String value) {
    return new KvItem(key, value.getBytes(UTF_8), Optional.empty());
  }

  /** An item that expires. */
  protected static KvItem item(String key, String value, Instant expires) {
    return new KvItem(key, value.getBytes(UTF_8), Optional.of(expires));
  }
}
