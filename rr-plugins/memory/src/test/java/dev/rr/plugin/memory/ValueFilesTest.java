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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A storage with files does what one without does, and goes on where it ended. */
class ValueFilesTest extends KvDriverContract {
  private static final long NOW = 1_700_000_000_000L;

  @TempDir Path folder;
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private Room room = new Room(Long.MAX_VALUE);
  private LongSupplier clock = System::currentTimeMillis;

  @AfterEach
  void stop() {
    executor.close();
  }

  @Override
  protected MemoryStore open() throws IOException {
    return open("values", Log.NONE);
  }

  @Override
  protected boolean readsValues() {
    return false;
  }

  private MemoryStore open(String file, Log log) throws IOException {
    Path path = folder.resolve(file);
    EntryTable table = new EntryTable(EntryTable.Bounds.NONE, room, clock);
    ValueFiles journal = ValueFiles.open(path, table, executor, log);
    return new MemoryStore(table, room, journal);
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20));
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
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
    clock = () -> NOW;
    Instant later = at(NOW + 3_600_000);
    MemoryStore first = open("own", Log.NONE);
    first.set(List.of(item("cleared", "0")));
    first.clear();
    first.set(
        List.of(
            item("a", "1"),
            item("b", "2", later),
            item("soon", "3", at(NOW + 100)),
            item("deleted", "4"),
            item("ended", "5")));
    first.delete(List.of("deleted"));
    first.expire(List.of(item("a", "", later), item("ended", "", Instant.EPOCH)));
    first.close(soon());

    clock = () -> NOW + 100;
    MemoryStore second = open("own", Log.NONE);
    assertThat(texts(second, "a", "b", "soon", "deleted", "ended", "cleared"))
        .isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(second.ttl(List.of("a", "b")))
        .isEqualTo(Map.of("a", Optional.of(later), "b", Optional.of(later)));
    second.close(soon());
  }

  @Test
  void aLaterEndThatWasGivenInTimeCountsAfterARestartBehindTheFirstEnd() throws Exception {
    clock = () -> NOW;
    MemoryStore first = open("own", Log.NONE);
    first.set(List.of(item("kept", "1", at(NOW + 1_000)), item("late", "2", at(NOW + 1_000))));
    first.expire(List.of(item("kept", "", at(NOW + 3_600_000))));
    first.close(soon());

    clock = () -> NOW + 2_000;
    MemoryStore second = open("own", Log.NONE);
    assertThat(texts(second, "kept", "late")).isEqualTo(Map.of("kept", "1"));
    second.expire(List.of(item("late", "", at(NOW + 3_600_000))));
    assertThat(second.has(List.of("late"))).as("what has expired does not come back").isEmpty();
    second.close(soon());

    MemoryStore third = open("own", Log.NONE);
    assertThat(texts(third, "kept", "late")).as("nor by a restart").isEqualTo(Map.of("kept", "1"));
    third.close(soon());
  }

  @Test
  void aLogIsReadIntoTheRoomInWhichItWasWritten() throws Exception {
    room = new Room(1_500);
    AtomicLong now = new AtomicLong(NOW);
    clock = now::get;
    MemoryStore first = open("own", Log.NONE);
    for (int i = 0; i < 20; i++) {
      first.set(List.of(new KvItem("k" + i, new byte[1_000], Optional.of(at(now.get() + 500)))));
      now.addAndGet(1_000);
    }
    first.set(List.of(item("last", "1")));
    first.close(soon());
    MemoryStore second = open("own", Log.NONE);
    assertThat(texts(second, "k19", "last")).isEqualTo(Map.of("last", "1"));
    second.close(soon());
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
    store.close(soon());
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
      cut.close(soon());
      MemoryStore again = open("cut", Log.NONE);
      assertThat(again.has(List.of("after"))).as("cut at %s", length).hasSize(1);
      again.close(soon());
    }
  }

  /** Damages the second of a few records; answers where it begins. */
  private long damaged(int records) throws Exception {
    MemoryStore store = open("own", Log.NONE);
    store.set(List.of(item("a", "1")));
    long first = Files.size(folder.resolve("own.log.1"));
    for (int i = 1; i < records; i++) {
      store.set(List.of(item("b" + i, "2")));
    }
    store.close(soon());
    byte[] bytes = Files.readAllBytes(folder.resolve("own.log.1"));
    bytes[(int) first + 12] ^= 1;
    Files.write(folder.resolve("own.log.1"), bytes);
    return first;
  }

  @Test
  void aLogWhoseLastRecordIsNotWholeIsReadToThereAndTheRestIsToldOf() throws Exception {
    long unused = damaged(2);
    RecordingLog told = new RecordingLog();
    MemoryStore again = open("own", told);
    assertThat(texts(again, "a", "b1")).isEqualTo(Map.of("a", "1"));
    assertThat(told.with("not written whole")).hasSize(1);
    again.close(soon());
    assertThat(files()).doesNotContain("own.log.1.damaged");
  }

  @Test
  void aLogThatIsDamagedInTheMiddleIsKeptAndToldOf() throws Exception {
    long first = damaged(3);
    byte[] before = Files.readAllBytes(folder.resolve("own.log.1"));
    RecordingLog told = new RecordingLog();
    MemoryStore again = open("own", told);
    assertThat(texts(again, "a", "b1", "b2")).isEqualTo(Map.of("a", "1"));
    assertThat(told.records())
        .singleElement()
        .asString()
        .startsWith("ERROR a log is damaged: changes that were kept stand behind")
        .contains("at, " + first, "own.log.1.damaged");
    again.set(List.of(item("c", "3")));
    again.close(soon());
    assertThat(folder.resolve("own.log.1.damaged")).hasBinaryContent(before);

    RecordingLog quiet = new RecordingLog();
    MemoryStore third = open("own", quiet);
    assertThat(texts(third, "a", "b2", "c")).isEqualTo(Map.of("a", "1", "c", "3"));
    assertThat(quiet.records()).isEmpty();
    third.close(soon());
  }

  @Test
  void zerosThatAPowerCutLeftBehindALogAreNoDamage() throws Exception {
    MemoryStore store = open("own", Log.NONE);
    store.set(List.of(item("a", "1")));
    store.close(soon());
    Path file = folder.resolve("own.log.1");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length + 5_000));
    RecordingLog told = new RecordingLog();
    MemoryStore again = open("own", told);
    assertThat(texts(again, "a")).isEqualTo(Map.of("a", "1"));
    assertThat(told.records()).singleElement().asString().contains("not written whole");
    again.close(soon());
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
    store.close(soon());
    assertThat(files()).contains("own", "own.lock").doesNotContain("own.new", "own.log.1");

    MemoryStore again = open("own", Log.NONE);
    assertThat(texts(again, "key0", "key1", "key2"))
        .isEqualTo(Map.of("key0", large + 39, "key1", large + 37, "key2", large + 38));
    assertThat(again.has(IntStream.range(0, 40).mapToObj(i -> "small" + i).toList())).hasSize(40);
    again.close(soon());
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
    store.close(soon());
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
    again.close(soon());
    assertThat(files()).doesNotContain("two.new");
  }

  @Test
  void clearingGivesTheDiskItsRoomBackAtOnce() throws Exception {
    RecordingLog told = new RecordingLog();
    MemoryStore store = open("own", told);
    for (int i = 0; i < 6; i++) {
      store.set(List.of(new KvItem("large", new byte[1_000_000]), item("small" + i, "s")));
    }
    Await.until("a snapshot is there", () -> files("own").equals(List.of("own")));
    byte[] snapshot = Files.readAllBytes(folder.resolve("own"));
    store.clear();
    assertThat(sizes()).isLessThan(1_000);
    store.set(List.of(item("a", "1")));
    store.close(soon());
    assertThat(told.records()).isEmpty();

    // As a kill before the end of the deletion leaves it.
    Files.write(folder.resolve("own"), snapshot);
    MemoryStore again = open("own", Log.NONE);
    assertThat(again.has(List.of("large", "small0", "a"))).containsExactly("a");
    again.close(soon());
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
    store.close(soon());
    MemoryStore again = open("own", Log.NONE);
    assertThat(again.has(IntStream.range(0, 20).mapToObj(i -> "small" + i).toList())).hasSize(20);
    again.close(soon());
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
    open("own", Log.NONE).close(soon());
  }

  @Test
  void aFileHasOneStorage() throws Exception {
    MemoryStore store = open("own", Log.NONE);
    assertThatThrownBy(() -> open("own", Log.NONE))
        .hasMessageContaining("own is in use by another server or another storage");
    store.close(soon());
    open("own", Log.NONE).close(soon());
  }

  @Test
  void moreValuesThanThereIsRoomForFailTheStart() throws Exception {
    MemoryStore store = open("own", Log.NONE);
    store.set(List.of(new KvItem("a", new byte[1_000])));
    store.close(soon());
    room = new Room(500);
    assertThatThrownBy(() -> open("own", Log.NONE)).hasMessageContaining("-Xmx");
  }
}
