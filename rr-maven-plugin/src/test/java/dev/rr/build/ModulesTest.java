package dev.rr.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A plugin that is forgotten in the catalogue cannot be named; one that is forgotten in the BOM has
 * no version.
 */
class ModulesTest {
  private static final Path PLUGINS = Path.of("../rr-plugins");

  private static List<String> all(String element, Path pom) throws IOException {
    List<String> values = new ArrayList<>();
    Matcher matcher =
        Pattern.compile("<" + element + ">([^<]+)</" + element + ">")
            .matcher(Files.readString(pom));
    while (matcher.find()) {
      values.add(matcher.group(1));
    }
    return values;
  }

  private static List<String> artifacts() throws IOException {
    List<String> artifacts = new ArrayList<>();
    for (String module : all("module", PLUGINS.resolve("pom.xml"))) {
      // The first is the parent's.
      artifacts.add(all("artifactId", PLUGINS.resolve(module).resolve("pom.xml")).get(1));
    }
    artifacts.removeAll(List.of("rr-bom", "rr-catalogue", "rr-testing"));
    return artifacts;
  }

  @Test
  void theBomFixesEveryArtifact() throws IOException {
    assertThat(all("artifactId", PLUGINS.resolve("bom/pom.xml"))).containsAll(artifacts());
  }

  @Test
  void theCatalogueListsEveryPlugin() throws IOException {
    List<String> plugins = artifacts();
    plugins.removeIf(a -> !a.startsWith("rr-plugin-"));
    assertThat(plugins).isNotEmpty();
    assertThat(all("artifactId", PLUGINS.resolve("catalogue/pom.xml"))).containsAll(plugins);
  }
}
