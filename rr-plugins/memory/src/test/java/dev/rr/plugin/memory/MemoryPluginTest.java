package dev.rr.plugin.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvStore;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.config.Configuration;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryPluginTest {
  @TempDir Path folder;

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20));
  }

  private MemoryPlugin plugin() {
    return new MemoryPlugin(
        MemoryKvConfigBinder.INSTANCE,
        MemoryJobsConfigBinder.INSTANCE,
        MemoryBroadcastConfigBinder.INSTANCE,
        new FakeHost(folder),
        name -> Log.NONE);
  }

  private Section section(String config, Problems problems) throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(
        file, "version: \"3\"\nkv: {users: {driver: memory, config: " + config + "}}\n");
    return Configuration.read(file).section("kv.users.config", problems);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} |",
        "{interval: 0, max_entries: 10, max_size: 5, persist: values} |",
        "{persist: missing/values} | is in a folder that does not exist",
        "{max_entries: -1} | max_entries",
        "{max_entries: many} | max_entries"
      })
  void looksAtItsSectionBeforeTheStart(String config, String problem) throws Exception {
    Problems problems = new Problems();
    Section section = section(config, problems);
    problems.collect(() -> plugin().check("users", section));
    if (problem == null) {
      assertThat(problems.found()).isEmpty();
    } else {
      assertThat(problems.found()).singleElement().asString().contains(problem);
    }
    assertThat(folder).isDirectoryNotContaining("glob:**values*");
  }

  @Test
  void aBadSectionIsRefused() throws Exception {
    Section section = section("{interval: -1}", new Problems());
    assertThatThrownBy(() -> plugin().open("users", section)).isInstanceOf(ConfigException.class);
  }

  @Test
  void leavesNothingBehind() throws Exception {
    LeakCheck.around(() -> plugin().stop(soon()));
    LeakCheck.around(() -> {
      MemoryPlugin plugin = plugin();
      KvStore bare = plugin.open("bare", section("{}", new Problems()));
      KvStore kept = plugin.open("kept", section("{persist: values}", new Problems()));
      assertThat(bare.quick()).isTrue();
      assertThat(kept.quick()).as("it writes to a file").isFalse();
      kept.set(List.of(new KvItem("a", new byte[1])));
      assertThat(Scrape.of(plugin.metrics()).values())
          .containsEntry("rr_memory_kv_entries{storage=\"kept\"}", 1.0)
          .containsEntry("rr_memory_kv_entries{storage=\"bare\"}", 0.0);
      bare.close(soon());
      kept.close(soon());
      plugin.stop(soon());
      plugin.stop(soon());
    });
    MemoryPlugin again = plugin();
    KvStore kept = again.open("kept", section("{persist: values}", new Problems()));
    assertThat(kept.has(List.of("a"))).containsExactly("a");
    kept.close(soon());
    again.stop(soon());
  }
}
