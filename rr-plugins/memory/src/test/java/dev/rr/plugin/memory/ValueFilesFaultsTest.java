package dev.rr.plugin.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.kv.KvItem;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a storage with files does when its disk fails or is slow. */
class ValueFilesFaultsTest {
  @TempDir Path folder;
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final RecordingLog log = new RecordingLog();
  private final FaultyLogs logs = new FaultyLogs();

  @AfterEach
  void stop() {
    executor.close();
  }

  private MemoryStore open() throws IOException {
    Path path = folder.resolve("own");
    Room room = new Room(Long.MAX_VALUE);
    EntryTable table = new EntryTable(EntryTable.Bounds.NONE, room, System::currentTimeMillis);
    ValueFiles files = ValueFiles.open(path, table, executor, log, logs);
    return new MemoryStore(table, room, files);
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20));
  }

  private static KvItem item(String key) {
    return new KvItem(key, new byte[1]);
  }

  @Test
  void aLogThatIsLeftBecauseOfHalfARecordIsOnTheDiskBeforeItIsClosed() throws Exception {
    MemoryStore store = open();
    store.set(List.of(item("a")));
    logs.full = true;
    logs.stuck = true;
    assertThatThrownBy(() -> store.set(List.of(item("b")))).hasMessageContaining("no space left");
    logs.full = false;
    logs.stuck = false;
    store.set(List.of(item("c")));
    assertThat(logs.done).containsExactly("synced own.log.1", "closed own.log.1");
    store.close(soon());

    MemoryStore again = open();
    assertThat(again.has(List.of("a", "b", "c"))).containsExactlyInAnyOrder("a", "c");
    again.close(soon());
    assertThat(log.with("is damaged")).isEmpty();
  }

  @Test
  void aFullDiskHasTheFilesWrittenAnewWhenLittleIsLeftOfThem() throws Exception {
    MemoryStore store = open();
    for (int i = 0; i < 10; i++) {
      store.set(List.of(new KvItem("large", new byte[100_000]), item("k" + i)));
    }
    store.delete(List.of("large"));
    logs.full = true;
    assertThatThrownBy(() -> store.set(List.of(item("b")))).hasMessageContaining("no space left");
    logs.full = false;
    Await.until("there is room", () -> !Files.exists(folder.resolve("own.log.1")));
    assertThat(Files.size(folder.resolve("own"))).isLessThan(1_000);
    store.set(List.of(item("c")));
    store.close(soon());

    MemoryStore again = open();
    assertThat(again.has(List.of("k0", "k9", "large", "b", "c")))
        .containsExactlyInAnyOrder("k0", "k9", "c");
    again.close(soon());
    assertThat(log.records()).isEmpty();
  }

  @Test
  void nobodyWaitsForTheDiskWhileALogIsReplaced() throws Exception {
    MemoryStore store = open();
    logs.blocked = new CountDownLatch(1);
    for (int i = 0; i < 6; i++) {
      store.set(List.of(new KvItem("large", new byte[1_000_000]), item("k" + i)));
    }
    assertThat(folder.resolve("own.log.2")).exists();
    assertThat(folder.resolve("own")).doesNotExist();
    assertThat(logs.done).isEmpty();
    logs.blocked.countDown();
    Await.until("the snapshot is there", () -> Files.exists(folder.resolve("own")));
    assertThat(logs.done).startsWith("synced own.log.1", "closed own.log.1");
    store.close(soon());
    assertThat(log.records()).isEmpty();
  }
}
