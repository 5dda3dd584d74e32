package dev.rr.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a new module is written into beside its own folder: a plugin into its parent and the
 * catalogue, else it cannot be named; a library into its parent and the BOM, else it has no
 * version.
 */
class ModulesTest {
  private static final Path PLUGINS = Path.of("../rr-plugins");
  private static final Path LIBRARIES = PLUGINS.resolve("lib");

  private static List<String> all(String element, Path pom) throws IOException {
    return Pattern.compile("<" + element + ">([^<]+)</" + element + ">")
        .matcher(Files.readString(pom))
        .results()
        .map(r -> r.group(1))
        .toList();
  }

  /** What the modules that a folder's pom lists are called. */
  private static List<String> artifacts(Path folder) throws IOException {
    List<String> artifacts = new ArrayList<>();
    for (String module : all("module", folder.resolve("pom.xml"))) {
      // The first is the parent's.
      artifacts.add(all("artifactId", folder.resolve(module).resolve("pom.xml")).get(1));
    }
    return artifacts;
  }

  private static List<String> folders(Path folder) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(f -> Files.exists(f.resolve("pom.xml")))
          .map(f -> f.getFileName().toString())
          .toList();
    }
  }

  @Test
  void everyFolderIsAModule() throws IOException {
    assertThat(all("module", PLUGINS.resolve("pom.xml")))
        .containsExactlyInAnyOrderElementsOf(folders(PLUGINS));
    assertThat(all("module", LIBRARIES.resolve("pom.xml")))
        .containsExactlyInAnyOrderElementsOf(folders(LIBRARIES));
  }

  @Test
  void theBomFixesEveryLibrary() throws IOException {
    List<String> libraries = new ArrayList<>(artifacts(LIBRARIES));
    libraries.removeAll(
        List.of("rr-bom", "rr-build", "rr-catalogue", "rr-plugin-archetype", "rr-testing"));
    assertThat(libraries).isNotEmpty();
    assertThat(all("artifactId", LIBRARIES.resolve("bom/pom.xml"))).containsAll(libraries);
  }

  @Test
  void theCatalogueListsEveryPlugin() throws IOException {
    List<String> plugins = new ArrayList<>(artifacts(PLUGINS));
    plugins.remove("rr-lib");
    assertThat(plugins).isNotEmpty().allMatch(p -> p.startsWith("rr-plugin-"));
    assertThat(all("artifactId", LIBRARIES.resolve("catalogue/pom.xml"))).containsAll(plugins);
  }

  @Test
  void theReadmeHasARowForEveryPlugin() throws IOException {
    String readme = Files.readString(PLUGINS.resolve("../README.md"));
    List<String> rows =
        Pattern.compile("(?m)^\\| ([a-z0-9-]+) \\| ")
            .matcher(readme)
            .results()
            .map(r -> r.group(1))
            .toList();
    List<String> plugins = new ArrayList<>(folders(PLUGINS));
    plugins.remove("lib");
    assertThat(rows).containsAll(plugins);
  }
}
