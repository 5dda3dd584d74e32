package dev.rr.build.sbom;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rr.build.Samples;
import dev.rr.build.Samples.FakeResolver;
import dev.rr.build.Versions;
import dev.rr.build.application.Application;
import dev.rr.build.archive.Hash;
import dev.rr.build.select.Selection;
import dev.rr.build.select.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SbomTest {
  private static final Versions VERSIONS = new Versions("0.1", "2");
  private static final String CONFIG = Samples.config().coordinates().toString();
  private static final String LOGGER = Samples.logger().coordinates().toString();

  @TempDir Path folder;
  private Selection selection;
  private Map<String, List<String>> licences = Map.of();

  @BeforeEach
  void select() throws Exception {
    FakeResolver resolver = new FakeResolver(folder).knows(Samples.config(), Samples.logger());
    selection =
        new Selector(resolver, Optional.empty(), VERSIONS)
            .select(List.of("config", "logger"), false);
  }

  private Sbom sbom() throws Exception {
    return sbom(Optional.empty());
  }

  private Sbom sbom(Optional<Application> application) throws Exception {
    return Sbom.of(
        selection,
        application,
        "rr",
        "1.2.3",
        VERSIONS,
        Map.of(LOGGER, List.of(CONFIG, "not:in-the-file:1")),
        licences);
  }

  /** One that needs three packages, of which one is for development, and there. */
  private Application application() throws Exception {
    Path app =
        Files.createDirectories(folder.resolve("shop/vendor/acme/check")).resolve("../../..");
    Files.writeString(
        app.resolve("composer.lock"),
        """
        {"packages": [
          {"name": "Acme/shop_core", "version": "dev-feature/x", "license": ["proprietary", "MIT"]},
          {"name": "psr/log", "version": "v3.0.0", "license": ["MIT"],
           "require": {"php": ">=8", "acme/check": "*", "psr/other": "*", "monolog/monolog": "*",
           "acme/shop_core": "*"}},
          {"name": "monolog/monolog", "version": "3.1.0", "license": ["MIT", "GPL-3.0-or-later"],
           "require": []}
        ], "packages-dev": [
          {"name": "acme/check", "version": "1.0.0"},
          {"name": "acme/not-there", "version": "1.0.0"}
        ]}
        """);
    return Application.of("rr.embed", app.normalize(), List.of());
  }

  private static JsonObject component(JsonObject bom, String reference) {
    return find(bom, "components", "bom-ref", reference);
  }

  private static JsonObject find(JsonObject bom, String array, String key, String value) {
    return bom.getAsJsonArray(array).asList().stream()
        .map(JsonElement::getAsJsonObject)
        .filter(one -> one.get(key).getAsString().equals(value))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> declared(JsonObject bom) {
    Map<String, String> all = new TreeMap<>();
    for (JsonElement one : bom.getAsJsonArray("packages")) {
      JsonObject found = one.getAsJsonObject();
      all.put(found.get("name").getAsString(), found.get("licenseDeclared").getAsString());
    }
    return all;
  }

  @Test
  void cycloneDxHasTheApplicationWithItsHashAndThePackagesOfItsComposerLock() throws Exception {
    Application app = application();
    JsonObject bom = JsonParser.parseString(sbom(Optional.of(app)).cycloneDx()).getAsJsonObject();
    assertThat(component(bom, "META-INF/rr/app.tar"))
        .hasToString(
            "{\"type\":\"application\",\"bom-ref\":\"META-INF/rr/app.tar\",\"name\":\"app\",\"hashes\":[{\"alg\":\"SHA-256\",\"content\":\"%s\"}],\"properties\":[{\"name\":\"rr:entry\",\"value\":\"META-INF/rr/app.tar\"}]}"
                .formatted(app.hash()));
    assertThat(component(bom, "pkg:composer/psr/log@v3.0.0"))
        .hasToString(
            "{\"type\":\"library\",\"bom-ref\":\"pkg:composer/psr/log@v3.0.0\",\"group\":\"psr\",\"name\":\"log\",\"version\":\"v3.0.0\",\"licenses\":[{\"license\":{\"id\":\"MIT\"}}],\"purl\":\"pkg:composer/psr/log@v3.0.0\"}");
    assertThat(component(bom, "pkg:composer/acme/check@1.0.0").getAsJsonArray("properties"))
        .hasToString("[{\"name\":\"cdx:composer:package:isDevRequirement\",\"value\":\"true\"}]");
    assertThat(component(bom, "pkg:composer/monolog/monolog@3.1.0").getAsJsonArray("licenses"))
        .hasToString("[{\"expression\":\"MIT OR GPL-3.0-or-later\"}]");
    assertThat(
            component(bom, "pkg:composer/acme/shop_core@dev-feature%2Fx")
                .getAsJsonArray("licenses"))
        .hasToString("[{\"license\":{\"name\":\"proprietary\"}},{\"license\":{\"id\":\"MIT\"}}]");
    assertThat(texts(bom, "components", "bom-ref"))
        .doesNotHaveDuplicates()
        .noneMatch(reference -> reference.contains("not-there"));
    assertThat(find(bom, "dependencies", "ref", "rr").getAsJsonArray("dependsOn").toString())
        .endsWith("\"META-INF/rr/app.tar\"]");
    assertThat(
            find(bom, "dependencies", "ref", "META-INF/rr/app.tar")
                .getAsJsonArray("dependsOn")
                .size())
        .isEqualTo(4);
    assertThat(
            find(bom, "dependencies", "ref", "pkg:composer/psr/log@v3.0.0")
                .getAsJsonArray("dependsOn"))
        .hasToString(
            "[\"pkg:composer/acme/check@1.0.0\",\"pkg:composer/acme/shop_core@dev-feature%2Fx\",\"pkg:composer/monolog/monolog@3.1.0\"]");
  }

  @Test
  void spdxHasTheApplicationWithItsHashAndThePackagesOfItsComposerLock() throws Exception {
    Application app = application();
    JsonObject bom =
        JsonParser.parseString(sbom(Optional.of(app)).spdx(Instant.EPOCH)).getAsJsonObject();
    JsonObject tar = find(bom, "packages", "SPDXID", "SPDXRef-app");
    assertThat(tar.get("packageFileName").getAsString()).isEqualTo("META-INF/rr/app.tar");
    assertThat(tar.getAsJsonArray("checksums").toString()).contains(app.hash());
    assertThat(declared(bom))
        .containsEntry("psr/log", "MIT")
        .containsEntry("monolog/monolog", "MIT OR GPL-3.0-or-later")
        .containsEntry("Acme/shop_core", "LicenseRef-proprietary OR MIT")
        .containsEntry("acme/check", "NOASSERTION")
        .doesNotContainKey("acme/not-there");
    assertThat(bom.getAsJsonArray("hasExtractedLicensingInfos"))
        .hasToString(
            "[{\"licenseId\":\"LicenseRef-proprietary\",\"extractedText\":\"proprietary\"}]");
    assertThat(
            find(bom, "packages", "SPDXID", "SPDXRef-composer-psr..log")
                .getAsJsonArray("externalRefs")
                .toString())
        .contains("\"pkg:composer/psr/log@v3.0.0\"");
    assertThat(texts(bom, "packages", "SPDXID"))
        .doesNotHaveDuplicates()
        .contains("SPDXRef-composer-Acme..shop-.core")
        .allMatch(id -> id.matches("SPDXRef-[A-Za-z0-9.-]+"));
    assertThat(bom.getAsJsonArray("relationships").toString())
        .contains(relationship("SPDXRef-file", "CONTAINS", "SPDXRef-app"))
        .contains(relationship("SPDXRef-app", "CONTAINS", "SPDXRef-composer-psr..log"))
        .contains(
            relationship(
                "SPDXRef-composer-psr..log", "DEPENDS_ON", "SPDXRef-composer-Acme..shop-.core"))
        .contains(
            relationship(
                "SPDXRef-composer-psr..log", "DEPENDS_ON", "SPDXRef-composer-monolog..monolog"));
  }

  private static String relationship(String from, String kind, String to) {
    return "{\"spdxElementId\":\"%s\",\"relationshipType\":\"%s\",\"relatedSpdxElement\":\"%s\"}"
        .formatted(from, kind, to);
  }

  @Test
  void theSameApplicationGivesTheSameBytesAndAnotherOneAnotherNumber() throws Exception {
    String without = sbom().cycloneDx();
    Sbom one = sbom(Optional.of(application()));
    Sbom again = sbom(Optional.of(application()));
    assertThat(again.cycloneDx()).isEqualTo(one.cycloneDx()).isNotEqualTo(without);
    assertThat(again.spdx(Instant.EPOCH)).isEqualTo(one.spdx(Instant.EPOCH));
    Files.writeString(folder.resolve("shop/worker.php"), "<?php");
    String other =
        sbom(Optional.of(Application.of("rr.embed", folder.resolve("shop"), List.of())))
            .cycloneDx();
    assertThat(serial(other)).isNotEqualTo(serial(one.cycloneDx()));
    assertThat(serial(without)).isNotEqualTo(serial(one.cycloneDx()));
  }

  private static String serial(String bom) {
    return JsonParser.parseString(bom).getAsJsonObject().get("serialNumber").getAsString();
  }

  @Test
  void anApplicationWithoutAComposerLockHasNoPackages() throws Exception {
    Path app = Files.createDirectories(folder.resolve("plain"));
    Files.writeString(app.resolve("worker.php"), "<?php");
    Sbom bom = sbom(Optional.of(Application.of("rr.embed", app, List.of())));
    assertThat(bom.cycloneDx()).contains("META-INF/rr/app.tar").doesNotContain("pkg:composer");
    assertThat(bom.spdx(Instant.EPOCH)).doesNotContain("composer", "LicensingInfos");
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
  void jarsHaveTheLicencesOfTheirPoms() throws Exception {
    licences = Map.of(LOGGER, List.of("MIT", "Apache-2.0"), CONFIG, List.of("Our Own, 2.0"));
    JsonObject cyclone = JsonParser.parseString(sbom().cycloneDx()).getAsJsonObject();
    assertThat(component(cyclone, purl(LOGGER)).get("licenses"))
        .hasToString("[{\"expression\":\"MIT OR Apache-2.0\"}]");
    assertThat(component(cyclone, purl(CONFIG)).get("licenses"))
        .hasToString("[{\"license\":{\"name\":\"Our Own, 2.0\"}}]");
    JsonObject spdx = JsonParser.parseString(sbom().spdx(Instant.EPOCH)).getAsJsonObject();
    assertThat(declared(spdx))
        .containsEntry(artifact(LOGGER), "MIT OR Apache-2.0")
        .containsEntry(artifact(CONFIG), "LicenseRef-Our-Own-2.0")
        .containsEntry("rr", "NOASSERTION");
    assertThat(spdx.getAsJsonArray("hasExtractedLicensingInfos"))
        .hasToString(
            "[{\"licenseId\":\"LicenseRef-Our-Own-2.0\",\"extractedText\":\"Our Own, 2.0\"}]");
  }

  @Test
  void licencesWhoseNamesDifferInSignsAloneHaveAnIdentifierEach() throws Exception {
    licences = Map.of(LOGGER, List.of("Ours, 2", "MIT"), CONFIG, List.of("Ours (2", "Ours, 2"));
    JsonObject spdx = JsonParser.parseString(sbom().spdx(Instant.EPOCH)).getAsJsonObject();
    Map<String, String> texts = new TreeMap<>();
    for (JsonElement one : spdx.getAsJsonArray("hasExtractedLicensingInfos")) {
      JsonObject found = one.getAsJsonObject();
      texts.put(found.get("extractedText").getAsString(), found.get("licenseId").getAsString());
    }
    assertThat(texts).containsOnlyKeys("Ours, 2", "Ours (2");
    assertThat(texts.values())
        .containsExactlyInAnyOrder("LicenseRef-Ours-2", "LicenseRef-Ours-2-2");
    assertThat(declared(spdx))
        .containsEntry(artifact(LOGGER), texts.get("Ours, 2") + " OR MIT")
        .containsEntry(artifact(CONFIG), texts.get("Ours (2") + " OR " + texts.get("Ours, 2"));
  }

  @Test
  void theSameSelectionGivesTheSameBytesAndAnotherOneAnotherNumber() throws Exception {
    String before = sbom().cycloneDx();
    assertThat(sbom().cycloneDx()).isEqualTo(before);
    assertThat(sbom().spdx(Instant.EPOCH)).isEqualTo(sbom().spdx(Instant.EPOCH));
    select();
    Sbom other = Sbom.of(selection, Optional.empty(), "rr", "1.2.4", VERSIONS, Map.of(), Map.of());
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

  private static String artifact(String coordinates) {
    return coordinates.replaceFirst(":[^:]*$", "");
  }

  private static String purl(String coordinates) {
    String[] parts = coordinates.split(":", -1);
    return "pkg:maven/" + parts[0] + "/" + parts[1] + "@" + parts[2] + "?type=jar";
  }
}
