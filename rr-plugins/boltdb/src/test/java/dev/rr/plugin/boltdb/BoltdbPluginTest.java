package dev.rr.plugin.boltdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvStore;
import dev.rr.api.plugin.Deadline;
import dev.rr.config.Configuration;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class BoltdbPluginTest {
  @TempDir Path folder;

  private final Problems problems = new Problems();

  private BoltdbPlugin plugin() {
    return new BoltdbPlugin(
        BoltdbConfigBinder.INSTANCE,
        BoltdbJobsConfigBinder.INSTANCE,
        new FakeConfigurer(),
        new FakeHost(folder),
        name -> new RecordingLog());
  }

  /** The section of a storage as a file has it. */
  private Section section(String yaml) throws Exception {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: \"3\"\nkv: {users: {config: " + yaml + "}}\n");
    return Configuration.read(file).section("kv.users.config", problems);
  }

  private List<String> found(String yaml) throws Exception {
    Section section = section(yaml);
    BoltdbPlugin plugin = plugin();
    problems.collect(() -> plugin.check("users", section));
    return problems.found().stream().map(Object::toString).toList();
  }

  @Test
  void aStorageIsAFileInTheServersFolderWithTheModeThatWasAskedFor() throws Exception {
    Section section = section("{file: users.db, permissions: 0600, bucket: mine, dir: x}");
    KvStore store = plugin().open("users", section);
    store.set(List.of(new KvItem("a", new byte[1])));
    store.close(Deadline.after(Duration.ofSeconds(5)));
    assertThat(Files.getPosixFilePermissions(folder.resolve("users.db")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(problems.found()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{file: rr.db, permissions: 0777}", "{}"})
  void aValueIsThereAfterARestart(String yaml) throws Exception {
    for (int start = 0; start < 2; start++) {
      KvStore store = plugin().open("users", section(yaml));
      assertThat(store.get(List.of("a"))).hasSize(start);
      store.set(List.of(new KvItem("a", new byte[] {1})));
      store.close(Deadline.after(Duration.ofSeconds(5)));
    }
    assertThat(problems.found()).isEmpty();
  }

  @Test
  void withoutASectionTheFileIsRrDb() throws Exception {
    plugin().open("users", section("{}")).close(Deadline.after(Duration.ofSeconds(5)));
    assertThat(folder.resolve("rr.db")).exists();
  }

  @Test
  void twoStoragesOfOneFileAreRefusedBeforeTheStart() throws Exception {
    BoltdbPlugin plugin = plugin();
    plugin.check("users", section("{file: rr.db}"));
    plugin.check("carts", section("{file: ./rr.db}"));
    assertThat(problems.found())
        .singleElement()
        .asString()
        .contains("rr.db is the file of kv.users; each has its own");
  }

  @Test
  void twoStoragesOfOneFileAreRefusedAlsoBehindALink() throws Exception {
    BoltdbPlugin plugin = plugin();
    KvStore store = plugin.open("users", section("{file: rr.db}"));
    Files.createSymbolicLink(folder.resolve("link.db"), folder.resolve("rr.db"));
    assertThatThrownBy(() -> plugin.open("carts", section("{file: link.db}")))
        .hasMessageContaining("link.db is the file of kv.users, and cannot be that of kv.carts");
    store.close(Deadline.after(Duration.ofSeconds(5)));
  }

  @Test
  void saysWhatIsWrongWithASection() throws Exception {
    assertThat(found("{permissions: 789}"))
        .singleElement()
        .asString()
        .contains("kv.users.config.permissions", "must be a mode such as 0644");
  }

  @Test
  void saysThatTheFolderIsMissing() throws Exception {
    assertThat(found("{file: none/rr.db}"))
        .singleElement()
        .asString()
        .contains("kv.users.config.file", "none/rr.db does not exist");
  }
}
