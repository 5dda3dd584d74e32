package dev.rr.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.plugin.Deadline;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
class JournalTest {
  @TempDir Path folder;

  private final RecordingLog log = new RecordingLog();
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("rr.db");
  }

  private Journal<Texts> open() throws Exception {
    return open("test");
  }

  private Journal<Texts> open(String owner) throws Exception {
    return Journal.open(
        file,
        new Journal.Options(
            owner, PosixFilePermissions.fromString("rw-------"), Duration.ofSeconds(60), log),
        Texts::new);
  }

  private static void put(Journal<Texts> journal, String... texts) throws Exception {
    for (String text : texts) {
      journal.append(text.getBytes(UTF_8), Deadline.after(Duration.ofSeconds(30)));
    }
  }

  private static Map<String, String> values(Journal<Texts> journal) {
    return journal.read(Texts::values);
  }

  /** What a file holds when it is opened anew. */
  private Map<String, String> reopened() throws Exception {
    try (Journal<Texts> journal = open()) {
      return values(journal);
    }
  }

  @Test
  void holdsAfterARestartWhatWasAppended() throws Exception {
    try (Journal<Texts> journal = open()) {
      put(journal, "a=1", "b=2", "a=3", "b=");
      assertThat(values(journal)).isEqualTo(Map.of("a", "3"));
    }
    assertThat(reopened()).isEqualTo(Map.of("a", "3"));
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void holdsRecordsThatAreLargerThanItsBuffers() throws Exception {
    String large = "x".repeat(3_000_000);
    try (Journal<Texts> journal = open()) {
      put(journal, "before=1", "large=" + large, "after=2");
      assertThat(values(journal)).containsEntry("large", large);
    }
    assertThat(reopened()).containsEntry("large", large).hasSize(3);
  }

  @Test
  void sharesASyncBetweenThoseWhoWaitAtTheSameTime() throws Exception {
    try (Journal<Texts> journal = open();
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String key = "k" + i;
        done.add(
            threads.submit(() -> {
              for (int n = 1; n <= 50; n++) {
                put(journal, key + "=" + n);
                assertThat(values(journal)).containsEntry(key, Integer.toString(n));
              }
              return true;
            }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    }
    assertThat(reopened()).hasSize(8).allSatisfy((key, value) -> assertThat(value).isEqualTo("50"));
  }

  /** Every place where a crash may have cut the file off. */
  @Test
  void holdsAllWholeFramesWhereverTheFileWasCutOff() throws Exception {
    List<Long> ends = new ArrayList<>();
    try (Journal<Texts> journal = open()) {
      for (int i = 0; i < 6; i++) {
        put(journal, "k" + i + "=" + "v".repeat(i * 3));
        ends.add(journal.bytes());
      }
    }
    byte[] whole = Files.readAllBytes(file);
    int last = Math.toIntExact(ends.getLast());
    for (int cut = 0; cut <= last; cut++) {
      Files.write(file, Arrays.copyOf(whole, cut));
      long at = cut;
      long kept = ends.stream().filter(end -> end <= at).count();
      assertThat(reopened())
          .as("cut at %s", cut)
          .hasSize(Math.toIntExact(kept) - (kept > 0 ? 1 : 0));
    }
  }

  /** As the last frame is when only some of its pages got to the disk. */
  @Test
  void dropsALastFrameOfWhichAPartIsMissingAndGoesOn() throws Exception {
    long before;
    try (Journal<Texts> journal = open()) {
      put(journal, "a=1");
      before = journal.bytes();
      put(journal, "b=" + "x".repeat(10_000));
    }
    overwrite(before + 4096, new byte[4096]);
    try (Journal<Texts> journal = open()) {
      assertThat(values(journal)).isEqualTo(Map.of("a", "1"));
      assertThat(log.with("the last write was cut off")).hasSize(1);
      put(journal, "c=2");
    }
    assertThat(reopened()).isEqualTo(Map.of("a", "1", "c", "2"));
    assertThat(log.with("the last write was cut off")).hasSize(1);
  }

  @Test
  void refusesAFileThatIsDamagedBeforeItsEnd() throws Exception {
    long first;
    try (Journal<Texts> journal = open()) {
      put(journal, "a=1");
      first = journal.bytes();
      put(journal, "b=2", "c=3");
    }
    overwrite(first + JournalFile.FRAME_HEAD + JournalFile.RECORD_HEAD, new byte[] {'x'});
    assertThatThrownBy(this::open)
        .isInstanceOf(DamagedJournalException.class)
        .hasMessageContaining("is damaged at byte " + first)
        .hasMessageContaining("truncate -s " + first);
    // As it says.
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(first);
    }
    assertThat(reopened()).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void refusesWhatIsNoJournal() throws Exception {
    Files.writeString(file, "something else that somebody wants to keep");
    assertThatThrownBy(this::open)
        .isInstanceOf(DamagedJournalException.class)
        .hasMessageContaining("holds something else");
    assertThat(file).hasContent("something else that somebody wants to keep");
  }

  @Test
  void anOlderFrameBehindANewerOneIsNotTakenForOne() throws Exception {
    long first;
    byte[] older;
    try (Journal<Texts> journal = open()) {
      put(journal, "a=1");
      first = journal.bytes();
      put(journal, "b=1", "c=1");
      older = Files.readAllBytes(file);
    }
    // The same places, written anew after a write had failed there.
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(first);
    }
    long second;
    try (Journal<Texts> journal = open()) {
      put(journal, "b=2");
      second = journal.bytes();
    }
    overwrite(second, Arrays.copyOfRange(older, (int) second, (int) second + 15));
    assertThat(reopened()).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void isOneOwnersAlone() throws Exception {
    try (Journal<Texts> journal = open("kv.users")) {
      assertThatThrownBy(() -> open("kv.carts"))
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith(
              "rr.db is the file of kv.users, and cannot be that of kv.carts too");
      put(journal, "a=1");
    }
    assertThat(reopened()).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void saysThatItsFolderIsMissing() {
    file = folder.resolve("none/rr.db");
    assertThatThrownBy(this::open).hasMessageContaining("the folder of", "does not exist");
  }

  @Test
  void dropsGarbageWhileOthersReadAndWrite() throws Exception {
    Random random = new Random(7);
    Map<String, String> model = new HashMap<>();
    AtomicBoolean done = new AtomicBoolean();
    try (Journal<Texts> journal = open();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      put(journal, "fixed=" + "f".repeat(1000));
      Future<?> reader =
          threads.submit(() -> {
            while (!done.get()) {
              assertThat(values(journal)).containsEntry("fixed", "f".repeat(1000));
            }
          });
      long written = 0;
      for (int i = 0; i < 400; i++) {
        String key = "k" + random.nextInt(20);
        String value = i % 7 == 0 ? "" : i + "v".repeat(100_000);
        put(journal, key + "=" + value);
        written += value.length();
        if (value.isEmpty()) {
          model.remove(key);
        } else {
          model.put(key, value);
        }
      }
      done.set(true);
      reader.get();
      assertThat(journal.bytes()).isLessThan(written / 2);
      model.put("fixed", "f".repeat(1000));
      assertThat(values(journal)).isEqualTo(model);
    }
    assertThat(reopened()).isEqualTo(model);
    assertThat(folder.resolve("rr.db.compact")).doesNotExist();
    assertThat(log.records()).isEmpty();
  }

  @Test
  void getsSmallAgainWhenEverythingIsGarbage() throws Exception {
    try (Journal<Texts> journal = open()) {
      put(journal, "a=" + "v".repeat(5_000_000), "a=", "b=1");
      Await.until("the garbage is dropped", () -> journal.bytes() < 1000);
      assertThat(values(journal)).isEqualTo(Map.of("b", "1"));
    }
    assertThat(reopened()).isEqualTo(Map.of("b", "1"));
  }

  @Test
  void goesOnInTheOldFileWhereTheGarbageCannotBeDropped() throws Exception {
    // Something in the way that cannot be deleted.
    Files.createDirectories(folder.resolve("rr.db.compact/full"));
    try (Journal<Texts> journal = open()) {
      for (int i = 0; i < 10; i++) {
        put(journal, "a=" + "v".repeat(1_000_000));
      }
      Await.until(
          "it says so", () -> !log.with("the garbage in a store's file cannot be").isEmpty());
      put(journal, "b=1");
      assertThat(journal.bytes()).isGreaterThan(10_000_000);
    }
    assertThat(reopened()).containsEntry("b", "1").hasSize(2);
  }

  @Test
  void refusesWhatComesAfterTheEnd() throws Exception {
    Journal<Texts> journal = open();
    journal.close();
    journal.close();
    assertThatThrownBy(() -> put(journal, "a=1")).hasMessageContaining("is closed");
  }

  @Test
  void isNotWrittenAnyMoreOnceARecordCouldNotBeTakenIn() throws Exception {
    try (Journal<Texts> journal = open()) {
      put(journal, "a=1");
      // A state that fails is a mistake of its own; who waits must not wait for ever.
      assertThatThrownBy(() -> put(journal, "nonsense"))
          .hasCauseInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> put(journal, "b=2")).isInstanceOf(IOException.class);
      assertThat(values(journal)).isEqualTo(Map.of("a", "1"));
      assertThat(log.with("a store is not written any more")).hasSize(1);
    }
  }

  @Test
  void refusesARecordThatIsTooLarge() throws Exception {
    try (Journal<Texts> journal = open()) {
      assertThatThrownBy(() ->
              journal.append(
                  new byte[JournalFile.MAX_RECORD + 1], Deadline.after(Duration.ofSeconds(1))))
          .hasMessageContaining("more than a record may have");
      put(journal, "a=1");
    }
  }

  private void overwrite(long at, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      int unused = channel.write(ByteBuffer.wrap(bytes), at);
    }
  }
}
