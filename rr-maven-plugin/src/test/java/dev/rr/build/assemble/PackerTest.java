package dev.rr.build.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.ChildProcess;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.Samples;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackerTest {
  private static final String PREAMBLE = "#!/bin/sh\nkey='@RR_KEY@'\necho \"$key $*\"\nexit 0\n";

  @TempDir Path folder;

  private List<Input> inputs() throws Exception {
    return List.of(
        input("a", Map.of("x/A.class", "a".repeat(5000), "ü.txt", "umlaut")),
        input("template", Map.of(Packer.PREAMBLE, PREAMBLE, "dev/rr/launch/Launcher.class", "l")));
  }

  private Input input(String artifact, Map<String, String> files) throws Exception {
    Path jar = Samples.jar(folder.resolve(artifact + ".jar"), files);
    return new Input(new Coordinates("g", artifact, "1"), jar);
  }

  private Path packed(List<Input> inputs) throws Exception {
    Map<String, byte[]> generated =
        Map.of("g/G.class", "generated".getBytes(StandardCharsets.UTF_8));
    Path file = folder.resolve("rr" + System.nanoTime());
    Packer.write(new Packer("1.2.3").pack(inputs, generated), file);
    return file;
  }

  private String run(String... line) throws Exception {
    ChildProcess.Result result =
        ChildProcess.run(List.of(line), folder, Map.of(), Duration.ofSeconds(30));
    assertThat(result.exit()).as(result.output()).isZero();
    return result.output();
  }

  @Test
  void otherToolsReadItWithoutAWarning() throws Exception {
    String file = packed(inputs()).toString();
    String jar = Path.of(System.getProperty("java.home"), "bin/jar").toString();
    assertThat(run(jar, "tf", file).lines())
        .containsExactly(
            "META-INF/MANIFEST.MF",
            "dev/rr/launch/Launcher.class",
            "g/G.class",
            "x/A.class",
            "ü.txt");
    assertThat(run("python3", "-m", "zipfile", "-t", file)).isEqualTo("Done testing");
  }

  @Test
  void contentComesBackAsItWentIn() throws Exception {
    try (JarFile jar = new JarFile(packed(inputs()).toFile())) {
      assertThat(content(jar, "x/A.class")).isEqualTo("a".repeat(5000));
      assertThat(content(jar, "g/G.class")).isEqualTo("generated");
      assertThat(content(jar, "ü.txt")).isEqualTo("umlaut");
      // Taken over compressed, not packed anew.
      assertThat(jar.getEntry("x/A.class").getMethod()).isEqualTo(ZipEntry.DEFLATED);
      assertThat(jar.getEntry("g/G.class").getMethod()).isEqualTo(ZipEntry.STORED);
    }
  }

  private static String content(JarFile jar, String name) throws Exception {
    try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theManifestTellsNothingAboutTheMachine() throws Exception {
    try (JarFile jar = new JarFile(packed(inputs()).toFile())) {
      Manifest manifest = jar.getManifest();
      assertThat(manifest.getMainAttributes().entrySet())
          .extracting(e -> e.getKey() + "=" + e.getValue())
          .containsExactlyInAnyOrder(
              "Manifest-Version=1.0",
              "Main-Class=dev.rr.launch.Launcher",
              "Enable-Native-Access=ALL-UNNAMED",
              "Implementation-Title=rr",
              "Implementation-Version=1.2.3");
    }
  }

  @Test
  void theFileIsAnExecutableScriptThatKnowsItsKey() throws Exception {
    Path file = packed(inputs());
    assertThat(run(file.toString(), "a", "b")).matches("[0-9a-f]{64} a b");
    assertThat(run("sh", file.toString())).matches("[0-9a-f]{64}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void theKeyFollowsTheContent() throws Exception {
    Path one = packed(inputs());
    List<Input> other = new ArrayList<>(inputs());
    other.set(0, input("a", Map.of("x/A.class", "b")));
    assertThat(run("sh", packed(other).toString())).isNotEqualTo(run("sh", one.toString()));
  }

  @Test
  void theOrderOfInputsDoesNotReachTheBytes() throws Exception {
    List<Input> reversed = new ArrayList<>(inputs());
    Collections.reverse(reversed);
    assertThat(packed(reversed)).hasSameBinaryContentAs(packed(inputs()));
  }

  @Test
  void aSelectionWithoutATemplateIsRefused() throws Exception {
    List<Input> none = List.of(input("a", Map.of("x", "")));
    assertThatThrownBy(() -> packed(none)).hasMessageContaining("META-INF/rr/preamble.sh");
  }

  @Test
  void anInputThatIsNoJarIsNamed() throws Exception {
    Path text = Files.writeString(folder.resolve("text.jar"), "no zip at all, only text in here");
    List<Input> none = List.of(new Input(new Coordinates("g", "text", "1"), text));
    assertThatThrownBy(() -> packed(none)).hasMessageContaining("text.jar is not a zip archive");
  }
}
