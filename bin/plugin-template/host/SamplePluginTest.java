package dev.rr.plugin.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Section;
import dev.rr.api.kv.KvDriver;
import dev.rr.api.kv.KvStore;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Named;
import dev.rr.config.Configuration;
import dev.rr.testing.kv.MapStore;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplePluginTest {
  @TempDir Path folder;

  /** A driver that has no use for a path. */
  private static final class Memory implements KvDriver {
    @Override
    public void check(String storage, Section config) {
      if (config.has("path")) {
        config.problem("path", "is not for memory");
      }
    }

    @Override
    public KvStore open(String storage, Section config) {
      return new MapStore();
    }
  }

  /** The plugin with that driver, as a file configures it. */
  private SamplePlugin plugin(String storages) throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: \"3\"\nsample: " + storages + "\n");
    Configuration configuration = Configuration.read(file);
    SamplePlugin plugin =
        new SamplePlugin(
            configuration.bind(SampleConfigBinder.INSTANCE), configuration, new FakeHost(folder));
    plugin.driver(new Named("memory", 1), new Memory());
    return plugin;
  }

  @Test
  void aStorageIsFoundByItsNameUntilTheStop() throws Exception {
    SamplePlugin plugin = plugin("{Users: {driver: memory}}");
    plugin.start();

    plugin.set(List.of("Users", "a", "of a"));
    assertThat(plugin.get(List.of("Users", "a"))).isEqualTo("of a");
    assertThat(plugin.get(List.of("Users", "b"))).isEmpty();
    assertThatThrownBy(() -> plugin.get(List.of("Other", "a"))).hasMessage("no storage Other");
    assertThatThrownBy(() -> plugin.get(List.of("Users"))).hasMessage("got 1 words instead of 2");

    plugin.stop(Deadline.after(Duration.ofSeconds(5)));
    plugin.stop(Deadline.after(Duration.ofSeconds(5)));
    assertThatThrownBy(() -> plugin.get(List.of("Users", "a"))).hasMessage("no storage Users");
  }

  @Test
  void aDriverThatIsNotThereIsToldWithTheNearestBeforeTheStart() throws Exception {
    assertThat(FoundProblems.of(plugin("{users: {driver: memroy}}")))
        .singleElement()
        .asString()
        .contains("sample.users.driver: 'memroy' is no driver", "did you mean 'memory'?");
  }

  @Test
  void aDriverChecksItsOwnSection() throws Exception {
    assertThat(FoundProblems.of(plugin("{users: {driver: memory, config: {path: x}}}")))
        .singleElement()
        .asString()
        .contains("sample.users.config.path: is not for memory");
  }
}
