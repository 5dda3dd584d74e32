package com.example;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.ShellCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a release leaves for a registry, and how it gets its version; in a copy of this build. */
class ReleaseTest {
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  private static final String VERSION = System.getProperty("rr.it.version");

  /** Of each sort one: what is compiled against, a plugin, and the goals. */
  private static final List<String> RELEASED =
      List.of(
          "rr-annotations",
          "rr-plugins/lib/api",
          "rr-plugins/lib/testing",
          "rr-plugins/gzip",
          "rr-maven-plugin");

  @TempDir Path folder;

  @Test
  void everyJarHasSourcesAndJavadocAndItsPomsSayWhatARegistryDemands() throws Exception {
    copy(
        Stream.concat(
                Stream.of("bin/plugin-template", "docs/sample/worker.php"),
                RELEASED.stream().map(m -> m + "/src/main"))
            .toArray(String[]::new));
    deploy();

    for (String artifact :
        List.of("rr-annotations", "rr-api", "rr-testing", "rr-plugin-gzip", "rr-maven-plugin")) {
      for (String file : List.of(".jar", "-sources.jar", "-javadoc.jar", ".pom")) {
        Path released = released(artifact, file);
        assertThat(Path.of(released + ".sha1")).isNotEmptyFile();
      }
      assertThat(released(artifact, ".pom")).content().contains("<name>", "<description>");
    }
    assertThat(names(released("rr-api", "-sources.jar"))).contains("dev/rr/api/http/Middleware");
    assertThat(names(released("rr-api", "-javadoc.jar"))).contains("dev/rr/api/http/Middleware");
    assertThat(names(released("rr-plugin-gzip", "-sources.jar")))
        .contains("dev/rr/plugin/gzip/GzipPlugin");
    assertThat(names(released("rr-plugin-gzip", "-javadoc.jar")))
        .contains("META-INF/rr/plugin/gzip")
        .noneMatch(name -> name.startsWith("dev/"));
    assertThat(released("rr-parent", ".pom"))
        .content()
        .contains("<url>", "<license>", "<developer>", "<scm ", "<connection>scm:git:");
  }

  /** The modules, and the poms that they inherit from. */
  private void deploy() {
    String modules = String.join(",", RELEASED) + ",.,rr-plugins,rr-plugins/lib";
    ShellCommand.Result deployed =
        MavenCommand.in(
                folder,
                "-T2",
                "deploy",
                "-Prelease",
                "-pl",
                modules,
                "-DskipTests",
                "-Dmaven.install.skip",
                "-Drr.errorprone=-XDquick",
                "-DaltDeploymentRepository=staged::" + folder.resolve("staged").toUri())
            .run();
    assertThat(deployed.exit()).as(deployed.text()).isZero();
  }

  private Path released(String artifact, String end) throws IOException {
    Path place = folder.resolve("staged/dev/rr").resolve(artifact).resolve(VERSION);
    try (Stream<Path> files = Files.list(place)) {
      List<Path> found =
          files
              .filter(file -> file.getFileName().toString().matches(artifact + "-[0-9.]+.*" + end))
              .filter(file -> !end.equals(".jar") || !file.toString().matches(".*-[a-z]+[.]jar"))
              .toList();
      assertThat(found).as(artifact + end).hasSize(1);
      return found.get(0);
    }
  }

  /** The files in a jar, without what stands behind the last dot. */
  private static List<String> names(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().map(entry -> entry.getName().replaceFirst("[.][^.]*$", "")).toList();
    }
  }

  @Test
  void aVersionIsSetEverywhereAndTakenBack() throws Exception {
    copy("bin/set-version", "README.md", "docs", "it/src/it/reject-config/src/test/resources");
    Map<Path, String> before = texts();

    assertThat(setVersion("9.8.7-rc.1").exit()).isZero();
    assertThat(texts().values()).noneMatch(text -> text.contains(VERSION));
    assertThat(setVersion(VERSION).exit()).isZero();
    assertThat(texts()).isEqualTo(before);

    assertThat(setVersion("next").err()).contains("not 'next'");
  }

  private ShellCommand.Result setVersion(String version) {
    return ShellCommand.in(folder, folder.resolve("bin/set-version").toString(), version).run();
  }

  private Map<Path, String> texts() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .collect(Collectors.toMap(file -> file, ReleaseTest::text));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies every pom of this build, and what lies in some of its folders or files. */
  private void copy(String... more) {
    String script =
        """
        to=$1 && shift
        { find . -name target -prune -o -name pom.xml -print; find "$@" -type f; } | tar c -T - | tar x -C "$to"
        """;
    List<String> line = new ArrayList<>(List.of("sh", "-ec", script, "copy", folder.toString()));
    line.addAll(List.of(more));
    ShellCommand.Result copied = new ShellCommand(TOP, line, Map.of()).run();
    assertThat(copied.exit()).as(copied.text()).isZero();
  }
}
