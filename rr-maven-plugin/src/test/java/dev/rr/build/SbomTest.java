package dev.rr.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rr.build.Samples.FakeResolver;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SbomTest {
  private static final Versions VERSIONS = new Versions("0.1", "2");
  private static final String CONFIG = Samples.config().coordinates().toString();
  private static final String LOGGER = Samples.logger().coordinates().toString();

  @TempDir Path folder;
  private Selection selection;

  @BeforeEach
  void select() throws Exception {
    FakeResolver resolver = new FakeResolver(folder).knows(Samples.config(), Samples.logger());
    selection =
        new Selector(resolver, Optional.empty(), VERSIONS)
            .select(List.of("config", "logger"), false);
  }

  private Sbom sbom() throws Exception {
    return Sbom.of(
        selection, "rr", "1.2.3", VERSIONS, Map.of(LOGGER, List.of(CONFIG, "not:in-the-file:1")));
  }

  private static List<String> texts(JsonObject in, String array, String key) {
    return in.getAsJsonArray(array).asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(o -> o.get(key).getAsString())
        .toList();
  }

  @Test
  void cycloneDxHasEveryJarWithItsHashItsPluginAndWhatItDependsOn() throws Exception {
    JsonObject bom = JsonParser.parseString(sbom().cycloneDx()).getAsJsonObject();
    assertThat(bom.get("specVersion").getAsString()).isEqualTo("1.6");
    assertThat(bom.get("serialNumber").getAsString()).matches("urn:uuid:[0-9a-f-]{36}");
    assertThat(texts(bom, "components", "purl")).contains(purl(CONFIG), purl(LOGGER));
    JsonObject logger =
        bom.getAsJsonArray("components").asList().stream()
            .map(JsonElement::getAsJsonObject)
            .filter(c -> c.get("purl").getAsString().equals(purl(LOGGER)))
            .findFirst()
            .orElseThrow();
    assertThat(
            logger.getAsJsonArray("hashes").get(0).getAsJsonObject().get("content").getAsString())
        .isEqualTo(Hash.of(file(LOGGER)));
    assertThat(logger.getAsJsonArray("properties").toString())
        .isEqualTo("[{\"name\":\"rr:plugin\",\"value\":\"logger\"}]");
    assertThat(bom.getAsJsonArray("dependencies").toString())
        .contains("{\"ref\":\"%s\",\"dependsOn\":[\"%s\"]}".formatted(purl(LOGGER), purl(CONFIG)));
  }

  @Test
  void spdxHasEveryJarWithItsHashAndWhatItDependsOn() throws Exception {
    Instant then = Instant.parse("2026-01-02T03:04:05Z");
    JsonObject bom = JsonParser.parseString(sbom().spdx(then)).getAsJsonObject();
    assertThat(bom.get("spdxVersion").getAsString()).isEqualTo("SPDX-2.3");
    assertThat(bom.getAsJsonObject("creationInfo").get("created").getAsString())
        .isEqualTo("2026-01-02T03:04:05Z");
    assertThat(texts(bom, "packages", "SPDXID"))
        .doesNotHaveDuplicates()
        .contains("SPDXRef-file")
        .allMatch(id -> id.matches("SPDXRef-[A-Za-z0-9.-]+"));
    assertThat(bom.getAsJsonArray("packages").toString()).contains(Hash.of(file(CONFIG)));
    assertThat(texts(bom, "relationships", "relationshipType"))
        .containsOnlyOnce("DEPENDS_ON", "DESCRIBES");
  }

  @Test
  void theSameSelectionGivesTheSameBytesAndAnotherOneAnotherNumber() throws Exception {
    String before = sbom().cycloneDx();
    assertThat(sbom().cycloneDx()).isEqualTo(before);
    assertThat(sbom().spdx(Instant.EPOCH)).isEqualTo(sbom().spdx(Instant.EPOCH));
    select();
    Sbom other = Sbom.of(selection, "rr", "1.2.4", VERSIONS, Map.of());
    assertThat(other.cycloneDx().lines().filter(l -> l.contains("serialNumber")).toList())
        .doesNotContainAnyElementsOf(
            before.lines().filter(l -> l.contains("serialNumber")).toList());
  }

  private Path file(String coordinates) {
    return selection.inputs().stream()
        .filter(i -> i.coordinates().toString().equals(coordinates))
        .findFirst()
        .orElseThrow()
        .file();
  }

  private static String purl(String coordinates) {
    String[] parts = coordinates.split(":", -1);
    return "pkg:maven/" + parts[0] + "/" + parts[1] + "@" + parts[2] + "?type=jar";
  }
}
