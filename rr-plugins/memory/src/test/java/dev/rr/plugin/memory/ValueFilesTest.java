package dev.rr.plugin.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.kv.KvItem;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.kv.KvDriverContract;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A storage with files does what one without does, and goes on where it ended. */
class ValueFilesTest extends KvDriverContract {
  private static final Deadline SOON = Deadline.after(Duration.ofSeconds(20));

  @TempDir Path folder;
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private Room room = new Room(Long.MAX_VALUE);

  @AfterEach
  void stop() {
    executor.close();
  }

  @Override
  protected MemoryStore open() throws IOException {
    return open("values", Log.NONE);
  }

  private MemoryStore open(String file, Log log) throws IOException {
    Path path = folder.resolve(file);
    EntryTable table = new EntryTable(EntryTable.Bounds.NONE, room, System::currentTimeMillis);
    ValueFiles journal =
        ValueFiles.open(path, new Recovery(path, table), table::all, executor, log);
    return new MemoryStore(table, room, journal);
  }

  private static Map<String, String> texts(MemoryStore store, String... keys) throws Exception {
    Map<String, String> texts = new HashMap<>();
    store.get(List.of(keys)).forEach((key, value) -> texts.put(key, new String(value, UTF_8)));
    return texts;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("values"))
          .sorted()
          .toList();
    }
  }

  @Test
  void whatWasSetExpiredAndDeletedIsSoAfterARestart() throws Exception {
    Instant later = Instant.now().plusSeconds(3600);
    MemoryStore first = open("own", Log.NONE);
    first.set(List.of(item("cleared", "0")));
    first.clear();
    first.set(
        List.of(
            item("a", "1"),
            item("b", "2", Instant.ofEpochMilli(later.toEpochMilli())),
            item("soon", "3", Instant.now().plusMillis(100)),
            item("deleted", "4"),
            item("ended", "5")));
    first.delete(List.of("deleted"));
    first.expire(List.of(item("a", "", later), item("ended", "", Instant.EPOCH)));
    first.close(SOON);

    Await.until(
        "an item expires while nobody runs", () -> Instant.now().isAfter(later.minusSeconds(3599)));
    MemoryStore second = open("own", Log.NONE);
    assertThat(texts(second, "a", "b", "soon", "deleted", "ended", "cleared"))
        .isEqualTo(Map.of("a", "1", "b", "2"));
    Optional<Instant> kept = Optional.of(Instant.ofEpochMilli(later.toEpochMilli()));
    assertThat(second.ttl(List.of("a", "b"))).isEqualTo(Map.of("a", kept, "b", kept));
    second.close(SOON);
  }

  /** As a kill at any moment leaves it: what was answered before is there, a request is whole. */
  @Test
  void aLogThatEndsAnywhereHoldsEveryRequestBeforeThatWhole() throws Exception {
    MemoryStore store = open("own", Log.NONE);
    List<Long> ends = new ArrayList<>();
    Path log = folder.resolve("own.log.1");
    for (int i = 0; i < 5; i++) {
      store.set(List.of(item("a" + i, "value of a"), item("b" + i, "value of b")));
      ends.add(Files.size(log));
    }
    store.close(SOON);
    byte[] all = Files.readAllBytes(log);
    for (int length = 0; length <= all.length; length++) {
      Files.write(folder.resolve("cut.log.1"), Arrays.copyOf(all, length));
      RecordingLog told = new RecordingLog();
      MemoryStore cut = open("cut", told);
      int cutAt = length;
      long whole = ends.stream().filter(end -> end <= cutAt).count();
      for (int i = 0; i < 5; i++) {
        assertThat(cut.has(List.of("a" + i, "b" + i))).hasSize(i < whole ? 2 : 0);
      }
      cut.set(List.of(item("after", "1")));
      cut.close(SOON);
      MemoryStore again = open("cut", Log.NONE);
      assertThat(again.has(List.of("after"))).as("cut at %s", length).hasSize(1);
      again.close(SOON);
    }
  }

  @Test
  void aLogWithADamagedRecordIsReadToThereAndTheRestIsToldOf() throws Exception {
    MemoryStore store = open("own", Log.NONE);
    store.set(List.of(item("a", "1")));
    long first = Files.size(folder.resolve("own.log.1"));
    store.set(List.of(item("b", "2")));
    store.close(SOON);
    byte[] bytes = Files.readAllBytes(folder.resolve("own.log.1"));
    bytes[(int) first + 12] ^= 1;
    Files.write(folder.resolve("own.log.1"), bytes);

    RecordingLog told = new RecordingLog();
    MemoryStore again = open("own", told);
    assertThat(texts(again, "a", "b")).isEqualTo(Map.of("a", "1"));
    assertThat(told.with("not written whole")).hasSize(1);
    again.close(SOON);
  }

  @Test
  void aLogThatOutgrowsItsSnapshotIsReplacedByANewOne() throws Exception {
    RecordingLog told = new RecordingLog();
    MemoryStore store = open("own", told);
    String large = "x".repeat(500_000);
    for (int i = 0; i < 40; i++) {
      store.set(List.of(item("key" + i % 3, large + i), item("small" + i, "s")));
      if (i % 10 == 9) {
        Await.until("a snapshot is there", () -> Files.exists(folder.resolve("own")));
      }
    }
    Await.until("old logs are gone", () -> filesUnchecked().size() == 3);
    assertThat(told.records()).isEmpty();
    assertThat(sizes()).isLessThan(20_000_000L);
    store.close(SOON);
    assertThat(files()).contains("own", "own.lock").doesNotContain("own.new", "own.log.1");

    MemoryStore again = open("own", Log.NONE);
    assertThat(texts(again, "key0", "key1", "key2"))
        .isEqualTo(Map.of("key0", large + 39, "key1", large + 37, "key2", large + 38));
    assertThat(again.has(IntStream.range(0, 40).mapToObj(i -> "small" + i).toList())).hasSize(40);
    again.close(SOON);
  }

  private List<String> filesUnchecked() {
    try {
      return files();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long sizes() throws IOException {
    long sum = 0;
    for (String file : files()) {
      sum += Files.size(folder.resolve(file));
    }
    return sum;
  }

  /** As a kill leaves it between the snapshot's new name and the end of the logs before it. */
  @Test
  void aLogThatTheSnapshotHasTakenInAlreadyChangesNothing() throws Exception {
    MemoryStore store = open("own", Log.NONE);
    store.set(List.of(item("a", "old"), item("b", "old"), item("c", "old")));
    byte[] before = Files.readAllBytes(folder.resolve("own.log.1"));
    store.set(List.of(item("a", "new")));
    store.delete(List.of("b"));
    byte[] both = Files.readAllBytes(folder.resolve("own.log.1"));
    store.close(SOON);
    ValueBatch snapshot = new ValueBatch();
    snapshot.set("a", "new".getBytes(UTF_8), Entry.NEVER);
    snapshot.set("c", "old".getBytes(UTF_8), Entry.NEVER);
    snapshot.end(2);
    Files.write(folder.resolve("two"), snapshot.record());
    Files.write(folder.resolve("two.log.4"), before);
    Files.write(folder.resolve("two.log.5"), Arrays.copyOfRange(both, before.length, both.length));
    Files.write(folder.resolve("two.new"), new byte[100]);

    MemoryStore again = open("two", Log.NONE);
    assertThat(texts(again, "a", "b", "c")).isEqualTo(Map.of("a", "new", "c", "old"));
    again.close(SOON);
    assertThat(files()).doesNotContain("two.new");
  }

  @Test
  void aSnapshotThatCannotBeWrittenCostsNothingButRoom() throws Exception {
    RecordingLog told = new RecordingLog();
    MemoryStore store = open("own", told);
    Path inTheWay = Files.createDirectories(folder.resolve("own.new/full"));
    byte[] large = new byte[1_000_000];
    for (int i = 0; i < 6; i++) {
      store.set(List.of(new KvItem("large", large), item("small" + i, "s")));
    }
    Await.until("it is told", () -> !told.with("could not be written anew").isEmpty());
    Files.delete(inTheWay);
    Files.deleteIfExists(inTheWay.getParent());
    for (int i = 6; i < 20; i++) {
      store.set(List.of(new KvItem("large", large), item("small" + i, "s")));
    }
    Await.until("the next one is written", () -> files("own").equals(List.of("own")));
    store.close(SOON);
    MemoryStore again = open("own", Log.NONE);
    assertThat(again.has(IntStream.range(0, 20).mapToObj(i -> "small" + i).toList())).hasSize(20);
    again.close(SOON);
  }

  private List<String> files(String name) {
    return filesUnchecked().stream().filter(name::equals).toList();
  }

  @Test
  void aSnapshotThatIsNotWholeFailsTheStartInsteadOfLosingValues() throws Exception {
    ValueBatch record = new ValueBatch();
    record.set("a", new byte[1], Entry.NEVER);
    for (byte[] bad : List.of("something else".getBytes(UTF_8), record.record(), new byte[0])) {
      Files.write(folder.resolve("own"), bad);
      assertThatThrownBy(() -> open("own", Log.NONE))
          .hasMessageContaining("own was not written by this server, or is damaged");
    }
    Files.delete(folder.resolve("own"));
    open("own", Log.NONE).close(SOON);
  }

  @Test
  void aFileHasOneStorage() throws Exception {
    MemoryStore store = open("own", Log.NONE);
    assertThatThrownBy(() -> open("own", Log.NONE))
        .hasMessageContaining("own is in use by another server or another storage");
    store.close(SOON);
    open("own", Log.NONE).close(SOON);
  }

  @Test
  void moreValuesThanThereIsRoomForFailTheStart() throws Exception {
    MemoryStore store = open("own", Log.NONE);
    store.set(List.of(new KvItem("a", new byte[1_000])));
    store.close(SOON);
    room = new Room(500);
    assertThatThrownBy(() -> open("own", Log.NONE)).hasMessageContaining("-Xmx");
  }
}
