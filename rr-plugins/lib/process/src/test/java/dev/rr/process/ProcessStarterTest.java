package dev.rr.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.plugin.OsText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessStarterTest {
  @TempDir Path folder;

  @Test
  void handsVariablesOnByteForByte() throws Exception {
    Map<String, String> environment =
        Map.of(
            "PATH", "/usr/bin:/bin",
            "my.dotted", "a\nb",
            "utf8", "w\u00f6rker \u65e5",
            "latin", "w\udcf6rker",
            "n\u00e4me", "plain");
    assertThat(environment(environment)).containsExactlyInAnyOrderElementsOf(entries(environment));
  }

  @Test
  void aLocaleThatIsNotInstalledIsNoNews() throws Exception {
    Map<String, String> environment = Map.of("PATH", "/usr/bin:/bin", "LANG", "xx_YY.UTF-8");
    ProcessCommand cat =
        new ProcessCommand(
            List.of("cat", "/proc/self/environ"), environment, folder, Optional.empty());
    Process process = ProcessStarter.prepare(cat).start();
    assertThat(process.getErrorStream().readAllBytes()).isEmpty();
    assertThat(environment(environment)).containsExactlyInAnyOrderElementsOf(entries(environment));
  }

  private List<String> environment(Map<String, String> given) throws Exception {
    ProcessCommand cat =
        new ProcessCommand(List.of("cat", "/proc/self/environ"), given, folder, Optional.empty());
    Process process = ProcessStarter.prepare(cat).redirectErrorStream(true).start();
    String entries = OsText.of(process.getInputStream().readAllBytes());
    return List.of(entries.split("\0"));
  }

  private static List<String> entries(Map<String, String> environment) {
    return environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }
}
