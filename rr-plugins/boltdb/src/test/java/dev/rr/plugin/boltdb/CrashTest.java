package dev.rr.plugin.boltdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.worker.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {
  /** How often the process is killed: {@code -Drr.kills=100} for a campaign. */
  private static final int KILLS = Integer.getInteger("rr.kills", 3);

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedIsThereWheneverTheProcessIsKilled() throws Exception {
    Path file = folder.resolve("rr.db");
    Map<String, Long> acknowledged = new HashMap<>();
    long from = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      try (StoreProcess process = StoreProcess.start(":", "count", file, from)) {
        for (int i = 0; i < 100 + 37 * kill; i++) {
          note(process.line(), acknowledged);
        }
        process.kill().forEach(line -> note(line, acknowledged));
      }
      assertThat(acknowledged).hasSizeGreaterThan(1);
      Map<String, Long> kept = read(file);
      acknowledged.forEach(
          (key, number) -> assertThat(kept.get(key)).as(key).isGreaterThanOrEqualTo(number));
      from = kept.values().stream().mapToLong(n -> n).max().orElseThrow() + 1_000_000;
    }
  }

  /** The last line may be cut off: it counts only when it is whole. */
  private static void note(String line, Map<String, Long> acknowledged) {
    String[] words = line.split(" ");
    if (words.length == 2 && words[0].matches("k\\d") && words[1].matches("\\d+")) {
      acknowledged.merge(words[0], Long.parseLong(words[1]), Math::max);
    }
  }

  private static Map<String, Long> read(Path file) throws Exception {
    BoltStore store = StoreProcess.open(file);
    Map<String, Long> numbers = new HashMap<>();
    store
        .get(IntStream.range(0, 8).mapToObj(i -> "k" + i).toList())
        .forEach((key, value) -> numbers.put(key, Long.parseLong(new String(value, UTF_8))));
    store.close(Deadline.after(Duration.ofSeconds(10)));
    return numbers;
  }

  @Test
  void aJobThatWasAcknowledgedIsThereUntilItIsDoneWheneverTheProcessIsKilled() throws Exception {
    Path file = folder.resolve("jobs.db");
    Set<String> pushed = new HashSet<>();
    Set<String> done = new HashSet<>();
    for (int kill = 0; kill < KILLS; kill++) {
      try (StoreProcess process =
          StoreProcess.start(":", "jobs", file, 1_000_000_000_000L + kill)) {
        for (int i = 0; i < 100 + 37 * kill; i++) {
          noteJob(process.line(), pushed, done);
        }
        process.kill().forEach(line -> noteJob(line, pushed, done));
      }
      Set<String> left = new HashSet<>(pushed);
      left.removeAll(done);
      left.removeAll(waiting(file));
      assertThat(left).isEmpty();
    }
    assertThat(pushed).hasSizeGreaterThan(KILLS * 10);
  }

  /** The last line may be cut off: ids are of a known form but for their end. */
  private static void noteJob(@Nullable String line, Set<String> pushed, Set<String> done) {
    String[] words = String.valueOf(line).split(" ", -1);
    if (words.length == 2) {
      (words[0].equals("done") ? done : pushed).add(words[1]);
    }
  }

  private static Set<String> waiting(Path file) throws Exception {
    RecordingSink sink = new RecordingSink(1_000_000);
    BoltPipeline pipeline = StoreProcess.open(file, 1_000_000, sink);
    try {
      Deadline soon = Deadline.after(Duration.ofSeconds(10));
      pipeline.resume(soon);
      Await.until(
          "everything is handed over",
          () -> {
            PipelineState state = pipeline.state(soon);
            return state.delayed() == 0 && sink.size() == state.active();
          });
      Set<String> ids = new HashSet<>();
      while (sink.size() > 0) {
        assertThat(ids.add(sink.take().job().id())).as("once").isTrue();
      }
      return ids;
    } finally {
      pipeline.stop(Deadline.after(Duration.ofSeconds(10)));
    }
  }

  /** A file that may not grow beyond 2 MiB is what a full disk is: write answers with an error. */
  @Test
  void aFullDiskIsAnErrorAfterWhichItGoesOn() throws Exception {
    Path file = folder.resolve("rr.db");
    try (StoreProcess process = StoreProcess.start("ulimit -f 4096", "fill", file, 0)) {
      assertThat(process.line()).isEqualTo("boltdb_driver_set: File too large");
      int set = Integer.parseInt(process.line());
      assertThat(set).isBetween(10, 21);
      assertThat(process.line()).contains("k1", "small").doesNotContain("k0");
      assertThat(process.line()).isNull();
      BoltStore store = StoreProcess.open(file);
      assertThat(store.has(IntStream.range(0, set + 1).mapToObj(i -> "k" + i).toList()))
          .hasSize(set - 1);
      store.close(Deadline.after(Duration.ofSeconds(10)));
    }
  }

  @Test
  void aJobWhoseOutcomeIsNotWrittenOnAFullDiskComesAgain() throws Exception {
    try (StoreProcess process =
        StoreProcess.start("ulimit -f 4096", "fill jobs", folder.resolve("jobs.db"), 0)) {
      assertThat(process.line()).isEqualTo("refused File too large");
      assertThat(process.line()).isEqualTo("not written");
      assertThat(process.line()).as("the others do not wait for it").isEqualTo("j1");
      Set<String> worked = new HashSet<>();
      String line = process.line();
      while (line != null && line.startsWith("j")) {
        worked.add(line);
        line = process.line();
      }
      assertThat(worked).contains("j0");
      assertThat(line).isEqualTo("left 0");
      assertThat(process.line()).isNull();
    }
  }
}
