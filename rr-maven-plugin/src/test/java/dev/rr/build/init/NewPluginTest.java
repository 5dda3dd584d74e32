package dev.rr.build.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewPluginTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "plain, do-it, com.example",
    "driver, new, org.acme.rr",
    "worker, teapot, com.example"
  })
  void itIsWhatTheScriptMakes(String kind, String name, String group) throws Exception {
    NewPlugin made = NewPlugin.of(name, kind, group);
    Process script =
        new ProcessBuilder(
                List.of(
                    Path.of("../bin/new-plugin").toString(),
                    name,
                    "--kind",
                    kind,
                    "--group",
                    group,
                    "--standalone",
                    folder.toString()))
            .redirectErrorStream(true)
            .start();
    String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor()).as(said).isZero();
    assertThat(made.files())
        .containsKeys(".rr.yaml", "worker.php")
        .isEqualTo(read(folder.resolve(name)));
    assertThat(said).endsWith(made.yaml());
  }

  private static Map<String, String> read(Path project) throws Exception {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(project)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(project.relativize(file).toString(), Files.readString(file));
      }
    }
    return files;
  }

  @Test
  void aKindThatIsNoneIsShownWithThoseThatAre() {
    assertThatThrownBy(() -> NewPlugin.of("teapot", "midleware", "com.example"))
        .isInstanceOf(BuildException.class)
        .hasMessage(
            "rr.kind: \"midleware\" is none; these are: command, driver, host, middleware, page,"
                + " plain, rpc, worker");
    assertThatThrownBy(() -> NewPlugin.of("Tea Pot", "plain", "com.example"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("rr.name: \"Tea Pot\"");
  }

  @Test
  void aFolderThatIsThereStaysAsItIs() throws Exception {
    NewPlugin made = NewPlugin.of("teapot", "plain", "com.example");
    made.write(folder.resolve("teapot"));
    assertThat(folder.resolve("teapot/src/main/java/com/example/teapot/TeapotPlugin.java"))
        .isRegularFile();
    assertThatThrownBy(() -> made.write(folder.resolve("teapot")))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("is there already");
  }
}
