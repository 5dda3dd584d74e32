package dev.rr.plugin.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole processes end in the middle of a write. */
class KilledWriterTest {
  /** A hundred take a minute: {@code -Drr.kills=100}. */
  private static final int KILLS = Integer.getInteger("rr.kills", 4);

  @TempDir Path folder;

  private Process start(String prefix, int first, int bytes) throws IOException {
    return new ProcessBuilder(
            "sh",
            "-c",
            prefix + "exec \"$@\"",
            "sh",
            ProcessHandle.current().info().command().orElse("java"),
            "-XX:-UsePerfData",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            KilledWriter.class.getName(),
            folder.resolve("values").toString(),
            Integer.toString(first),
            Integer.toString(bytes))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private List<String> missing(List<String> keys) throws Exception {
    Path file = folder.resolve("values");
    Room room = new Room(Long.MAX_VALUE);
    EntryTable table = new EntryTable(EntryTable.Bounds.NONE, room, System::currentTimeMillis);
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      ValueFiles journal = ValueFiles.open(file, table, executor, Log.NONE);
      List<String> missing = new ArrayList<>(keys);
      missing.removeIf(key -> isKept(table, key));
      journal.close(Deadline.after(Duration.ofSeconds(20)));
      return missing;
    }
  }

  private static boolean isKept(EntryTable table, String key) {
    Entry entry = table.find(key);
    return entry != null && new String(entry.value, UTF_8).equals(key.substring("key".length()));
  }

  @Test
  void everyWriteThatWasAnsweredIsThereHoweverOftenTheProcessIsKilled() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < KILLS; i++) {
      Process writer = start("", kept.size(), 100_000);
      int some = 1 + random.nextInt(400);
      try (BufferedReader said = writer.inputReader()) {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
          assertThat(line).startsWith("kept ");
          kept.add("key" + line.substring("kept ".length()));
          if (some-- == 0) {
            // A process closes its own stream, and with it what was said before.
            writer.toHandle().destroyForcibly();
          }
        }
      }
      assertThat(writer.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(missing(kept)).as("seed %s, kill %s", seed, i).isEmpty();
    }
  }

  @Test
  void aDiskThatIsFullFailsTheRequestAndLosesNothing() throws Exception {
    // No file grows beyond 500 blocks of 512 bytes, which is the error that a full disk is.
    Process writer = start("ulimit -f 500; ", 0, 50_000);
    List<String> said;
    try (BufferedReader lines = writer.inputReader()) {
      said = lines.lines().toList();
    }
    assertThat(writer.waitFor(20, TimeUnit.SECONDS)).isTrue();
    int failed = said.size() - 2;
    assertThat(failed).isPositive();
    assertThat(said.get(failed))
        .startsWith("failed " + failed + " in_memory_plugin_set: cannot write ")
        .contains("values.log.1: ");
    assertThat(said.getLast()).isEqualTo("kept after");
    List<String> kept = new ArrayList<>();
    said.subList(0, failed).forEach(line -> kept.add("key" + line.substring("kept ".length())));
    assertThat(missing(kept)).isEmpty();
    assertThat(missing(List.of("key" + failed))).hasSize(1);
  }
}
