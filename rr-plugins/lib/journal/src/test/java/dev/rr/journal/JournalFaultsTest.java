package dev.rr.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.plugin.Deadline;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a journal does when the disk or its state fails. */
@ExtendWith(LeakCheck.class)
class JournalFaultsTest {
  private static final String GARBAGE = "the garbage in a store's file cannot be dropped";

  @TempDir Path folder;

  private final RecordingLog log = new RecordingLog();
  private final FaultyDisk disk = new FaultyDisk();

  private <S extends JournalState> Journal<S> open(Supplier<S> states) throws Exception {
    return open(states, Duration.ofSeconds(60));
  }

  private <S extends JournalState> Journal<S> open(Supplier<S> states, Duration dropping)
      throws Exception {
    return Journal.open(
        folder.resolve("rr.db"),
        new Journal.Options("test", PosixFilePermissions.fromString("rw-------"), dropping, log),
        states,
        disk);
  }

  private static void put(Journal<?> journal, String... texts) throws Exception {
    for (String text : texts) {
      journal.append(text.getBytes(UTF_8), Deadline.after(Duration.ofSeconds(30)));
    }
  }

  private Map<String, String> reopened() throws Exception {
    try (Journal<Texts> journal = open(Texts::new)) {
      return journal.read(Texts::values);
    }
  }

  /** Keys that stay, more of them than are copied at once, and garbage that asks for a copy. */
  private static Map<String, String> fill(Journal<?> journal) throws Exception {
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < 8; i++) {
      expected.put("kept" + i, "k".repeat(500_000));
      put(journal, "kept" + i + "=" + "k".repeat(500_000));
    }
    for (int i = 0; i < 16; i++) {
      put(journal, "a=" + i + "v".repeat(700_000));
      expected.put("a", i + "v".repeat(700_000));
    }
    return expected;
  }

  @Test
  void aCopyThatTheDiskDidNotTakeOnceIsNotPutInThePlaceOfTheFile() throws Exception {
    disk.copySyncs.set(1);
    try (Journal<Texts> journal = open(Texts::new)) {
      Map<String, String> expected = fill(journal);
      Await.until("the copy has failed", () -> !log.with(GARBAGE).isEmpty());
      put(journal, "b=1");
      expected.put("b", "1");
      assertThat(journal.read(Texts::values)).isEqualTo(expected);
      assertThat(folder.resolve("rr.db.compact")).doesNotExist();
      for (int i = 0; i < 20; i++) {
        put(journal, "a=" + "w".repeat(1_000_000));
      }
      expected.put("a", "w".repeat(1_000_000));
      Await.until("the next copy is taken", () -> journal.bytes() < 20_000_000);
      assertThat(journal.read(Texts::values)).isEqualTo(expected);
      journal.close();
      assertThat(reopened()).isEqualTo(expected);
    }
    assertThat(log.records()).as("%s", log.records()).hasSize(1);
  }

  @Test
  void aDiskThatTakesNoCopyCostsNothingButRoom() throws Exception {
    disk.copySyncs.set(Integer.MAX_VALUE);
    Map<String, String> expected;
    try (Journal<Texts> journal = open(Texts::new)) {
      expected = fill(journal);
      Await.until("the copy has failed", () -> !log.with(GARBAGE).isEmpty());
      put(journal, "b=1");
      expected.put("b", "1");
    }
    disk.copySyncs.set(0);
    assertThat(log.with("a store is not written any more")).isEmpty();
    assertThat(reopened()).isEqualTo(expected);
    assertThat(log.with(GARBAGE)).hasSize(1);
  }

  /** As a full disk fails a write. */
  private void fail(Journal<?> journal, String text) {
    // The first is of the zeros that are written ahead, the second of the frame itself.
    disk.mappings.set(2);
    assertThatThrownBy(() -> put(journal, text)).hasMessageContaining("Map failed");
    assertThat(disk.mappings).hasValue(0);
  }

  @Test
  void theGarbageOfASmallFileIsDroppedWhenAWriteFindsNoRoom() throws Exception {
    try (Journal<Texts> journal = open(Texts::new)) {
      for (int i = 0; i < 20; i++) {
        put(journal, "a=" + i + "v".repeat(100_000));
      }
      assertThat(journal.bytes()).isGreaterThan(2_000_000);
      fail(journal, "b=" + "w".repeat(1_000_000));
      Await.until("it is smaller", () -> journal.bytes() < 200_000);
      assertThat(journal.read(Texts::values)).isEqualTo(Map.of("a", "19" + "v".repeat(100_000)));
    }
    assertThat(log.records()).isEmpty();
    assertThat(reopened()).containsOnlyKeys("a");
  }

  @Test
  void aCopyThatFoundNoRoomIsMadeOnceMuchIsNotAliveAnyMore() throws Exception {
    disk.copySyncs.set(1);
    try (Journal<Texts> journal = open(Texts::new)) {
      List<String> kept = List.copyOf(fill(journal).keySet());
      Await.until("the copy has failed", () -> !log.with(GARBAGE).isEmpty());
      fail(journal, "b=" + "w".repeat(20_000_000));
      for (String key : kept) {
        put(journal, key + "=");
      }
      Await.until("it is smaller", () -> journal.bytes() < 6_000_000);
    }
    assertThat(log.with(GARBAGE)).hasSize(1);
    assertThat(reopened()).isEmpty();
  }

  /** A state that cannot be copied, or whose expired entries cannot be forgotten. */
  private static final class Failing implements JournalState {
    private final Texts texts = new Texts();
    private final AtomicInteger drops;

    Failing(AtomicInteger drops) {
      this.drops = drops;
    }

    @Override
    public void apply(ByteBuffer record, long at) {
      texts.apply(record, at);
    }

    @Override
    public Iterator<byte[]> snapshot(JournalReader values) {
      throw new IllegalArgumentException("no snapshot");
    }

    @Override
    public long liveBytes() {
      return texts.liveBytes();
    }

    @Override
    public void dropExpired() {
      drops.incrementAndGet();
      throw new IllegalArgumentException("no dropping");
    }
  }

  @Test
  void aStateThatCannotBeCopiedIsReadAndWrittenOn() throws Exception {
    try (Journal<Failing> journal = open(() -> new Failing(new AtomicInteger()))) {
      Map<String, String> expected = fill(journal);
      Await.until("there is no copy", () -> !log.with(GARBAGE).isEmpty());
      put(journal, "b=1");
      expected.put("b", "1");
      assertThat(journal.<Map<String, String>>read((state, values) -> state.texts.values(values)))
          .isEqualTo(expected);
      assertThat(folder.resolve("rr.db.compact")).doesNotExist();
    }
  }

  @Test
  void aStateThatCannotForgetIsReadAndWrittenOn() throws Exception {
    AtomicInteger drops = new AtomicInteger();
    try (Journal<Failing> journal = open(() -> new Failing(drops), Duration.ofMillis(5))) {
      Await.until("it is asked again", () -> drops.get() > 1);
      put(journal, "b=1");
    }
    assertThat(log.with("cannot be forgotten")).isNotEmpty();
    assertThat(reopened()).isEqualTo(Map.of("b", "1"));
  }

  @Test
  void whatIsSubmittedWhileTheJournalEndsIsAnsweredAsWell() throws Exception {
    for (int i = 0; i < 20; i++) {
      Journal<Texts> journal = open(Texts::new);
      List<CompletableFuture<Void>> submitted = new ArrayList<>();
      Thread closing = Thread.ofPlatform().start(() -> close(journal));
      while (closing.isAlive()) {
        submitted.add(journal.submit("a=1".getBytes(UTF_8)));
      }
      submitted.add(journal.submit("a=1".getBytes(UTF_8)));
      Await.until("all are answered", () -> submitted.stream().allMatch(Future::isDone));
      assertThat(submitted.getLast()).isCompletedExceptionally();
    }
  }

  private static void close(Journal<?> journal) {
    try {
      journal.close();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDiskThatDoesNotAnswerHoldsUpTheEndForASecondOnly() throws Exception {
    Journal<Texts> journal = open(Texts::new);
    disk.blocked = new CountDownLatch(1);
    CompletableFuture<Void> stuck = journal.submit("a=1".getBytes(UTF_8));
    CompletableFuture<Void> behind = journal.submit("b=1".getBytes(UTF_8));
    try {
      long begun = System.nanoTime();
      journal.close(Deadline.after(Duration.ofMillis(50)));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
      assertThat(log.with("does not take a store's last write")).hasSize(1);
      assertThatThrownBy(() -> put(journal, "c=1")).hasMessageContaining("is closed");
    } finally {
      disk.blocked.countDown();
    }
    Await.until("the writer ends", () -> stuck.isDone() && behind.isDone());
    Await.until("the file is let go", () -> !isOpen());
    assertThat(reopened()).containsEntry("a", "1");
  }

  private boolean isOpen() {
    try {
      return Journal.isOpen(folder.resolve("rr.db"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatCouldNotBeMappedIsNotThereAfterwards() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    try (Journal<Texts> journal = open(Texts::new)) {
      put(journal, "a=1");
      fail(journal, "large=" + "x".repeat(1_000_000));
      put(journal, "b=2");
      expected.put("a", "1");
      expected.put("b", "2");
      assertThat(journal.read(Texts::values)).isEqualTo(expected);
    }
    assertThat(reopened()).isEqualTo(expected);
    assertThat(log.records()).isEmpty();
  }

  @Test
  void garbageIsDroppedAsFastAsItIsMade() throws Exception {
    String value = "v".repeat(1_000_000);
    AtomicInteger largest = new AtomicInteger();
    try (Journal<Texts> journal = open(Texts::new);
        ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String key = "k" + i % 5;
        done.add(
            threads.submit(() -> {
              for (int n = 0; n < 12; n++) {
                put(journal, key + "=" + value);
                largest.accumulateAndGet((int) journal.bytes(), Math::max);
              }
              return true;
            }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    }
    assertThat(largest).hasValueLessThan(100_000_000);
    assertThat(reopened()).hasSize(5);
  }
}
