package dev.rr.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.plugin.OsText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

  @Test
  void aScriptWithoutItsInterpreterSaysSo() throws Exception {
    Path script = program("script", true);
    Files.writeString(script, "#!/no/such/interpreter\n");
    ProcessCommand command =
        new ProcessCommand(List.of("./script"), Map.of(), folder, Optional.empty());
    Process process = ProcessStarter.prepare(command).redirectErrorStream(true).start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("./script: No such file or directory\n");
    assertThat(process.waitFor()).isEqualTo(127);
  }

  @Test
  void saysWhereAProgramWasLookedForAndWhichIsNear() throws Exception {
    program("bin/php8.2", true);
    program("bin/phpx", false);
    String path = "bin:" + folder.resolve("none");
    assertThat(ProcessStarter.fault("php8.2", path, folder)).isEmpty();
    assertThat(ProcessStarter.fault("php82", path, folder))
        .hasValue("the program php82 was not found in PATH (" + path + "); did you mean php8.2?");
    assertThat(ProcessStarter.fault("ruby", path, folder))
        .hasValue("the program ruby was not found in PATH (" + path + ")");
    assertThat(ProcessStarter.fault("phpx", path, folder)).isPresent();
  }

  @Test
  void saysWhyTheProgramAtAPathCannotBeRun() throws Exception {
    Path plain = program("plain", false);
    assertThat(ProcessStarter.fault("./plain", null, folder))
        .hasValue(
            "the program ./plain may not be executed: "
                + folder.resolve("./plain")
                + " lacks the permission");
    assertThat(ProcessStarter.fault(plain.toString(), null, folder))
        .hasValue(
            "the program " + plain + " may not be executed: " + plain + " lacks the permission");
    assertThat(ProcessStarter.fault("bin/none", null, folder))
        .hasValue("the program bin/none does not exist in " + folder);
    assertThat(ProcessStarter.fault("/none/php", null, folder))
        .hasValue("the program /none/php does not exist");
    assertThat(ProcessStarter.fault(folder.toString(), null, folder))
        .hasValue("the program " + folder + " is no file: " + folder);
  }

  private Path program(String name, boolean executable) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh");
    assertThat(file.toFile().setExecutable(executable)).isTrue();
    return file;
  }
}
