package dev.rr.build.sbom;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.rr.build.application.Application;
import dev.rr.build.application.ComposerPackage;
import dev.rr.build.lock.Lock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A bill of materials as SPDX 2.3 (<a
 * href="https://spdx.github.io/spdx-spec/v2.3/">spdx.github.io</a>). For one document; one thread.
 */
final class Spdx {
  private static final String DOCUMENT = "SPDXRef-DOCUMENT";
  private static final String FILE = "SPDXRef-file";
  private static final String APPLICATION = "SPDXRef-app";
  private static final String UNKNOWN = "NOASSERTION";

  private final Sbom sbom;
  private final JsonArray packages = new JsonArray();
  private final JsonArray relationships = new JsonArray();

  /** What is no identifier of SPDX's, by the identifier of this document that stands for it. */
  private final Map<String, String> otherLicences = new TreeMap<>();

  Spdx(Sbom sbom) {
    this.sbom = sbom;
  }

  /** The whole document. */
  JsonObject json(Instant created) {
    addFile();
    sbom.lock().artifacts().forEach(this::add);
    Optional.ofNullable(sbom.lock().application()).ifPresent(this::add);
    sbom.packages().forEach(this::add);
    JsonObject root = new JsonObject();
    root.addProperty("spdxVersion", "SPDX-2.3");
    root.addProperty("dataLicense", "CC0-1.0");
    root.addProperty("SPDXID", DOCUMENT);
    root.addProperty("name", sbom.name() + "-" + sbom.lock().version());
    root.addProperty(
        "documentNamespace",
        "https://spdx.org/spdxdocs/" + Sbom.encoded(sbom.name()) + "-" + sbom.uuid());
    root.add("creationInfo", creation(created));
    root.add("packages", packages);
    if (!otherLicences.isEmpty()) {
      root.add("hasExtractedLicensingInfos", extracted());
    }
    root.add("relationships", relationships);
    return root;
  }

  private JsonObject creation(Instant created) {
    JsonObject creation = new JsonObject();
    creation.addProperty("created", created.truncatedTo(ChronoUnit.SECONDS).toString());
    JsonArray creators = new JsonArray();
    creators.add("Tool: rr-maven-plugin-" + sbom.lock().rr());
    creation.add("creators", creators);
    return creation;
  }

  private void addFile() {
    packages.add(named(FILE, sbom.name(), sbom.lock().version()));
    relate(DOCUMENT, "DESCRIBES", FILE);
  }

  private void add(Lock.LockedArtifact artifact) {
    String coordinates = artifact.coordinates();
    String[] parts = coordinates.split(":", -1);
    JsonObject one = named(reference(coordinates), parts[0] + ":" + parts[1], parts[2]);
    addDeclared(one, sbom.licences(coordinates));
    one.add("checksums", checksums(artifact.sha256()));
    one.add("externalRefs", purlReference(Sbom.purl(coordinates)));
    packages.add(one);
    relate(FILE, "CONTAINS", reference(coordinates));
    for (String on : sbom.edges(coordinates)) {
      relate(reference(coordinates), "DEPENDS_ON", reference(on));
    }
  }

  private void add(Lock.LockedApplication application) {
    JsonObject one = named(APPLICATION, Sbom.APPLICATION, null);
    one.addProperty("packageFileName", Application.TAR);
    one.add("checksums", checksums(application.sha256()));
    packages.add(one);
    relate(FILE, "CONTAINS", APPLICATION);
  }

  private void add(ComposerPackage composer) {
    JsonObject one = named(reference(composer), composer.name(), composer.version());
    addDeclared(one, composer.licences());
    one.add("externalRefs", purlReference(Sbom.purl(composer)));
    packages.add(one);
    relate(APPLICATION, "CONTAINS", reference(composer));
    sbom.required(composer).forEach(on -> relate(reference(composer), "DEPENDS_ON", reference(on)));
  }

  private static JsonObject named(String id, String name, @Nullable String version) {
    JsonObject one = new JsonObject();
    one.addProperty("SPDXID", id);
    one.addProperty("name", name);
    if (version != null) {
      one.addProperty("versionInfo", version);
    }
    one.addProperty("downloadLocation", UNKNOWN);
    one.addProperty("filesAnalyzed", false);
    one.addProperty("licenseConcluded", UNKNOWN);
    one.addProperty("licenseDeclared", UNKNOWN);
    one.addProperty("copyrightText", UNKNOWN);
    return one;
  }

  private void addDeclared(JsonObject one, List<String> any) {
    if (!any.isEmpty()) {
      one.addProperty("licenseDeclared", Licences.expression(any).orElseGet(() -> choice(any)));
    }
  }

  private String choice(List<String> any) {
    return any.stream().map(this::identifier).collect(Collectors.joining(" OR "));
  }

  /** What has no identifier of SPDX gets one of this document, which tells what it stands for. */
  private String identifier(String licence) {
    if (Licences.isIdentifier(licence)) {
      return licence;
    }
    String wanted = "LicenseRef-" + licence.replaceAll("[^A-Za-z0-9.-]+", "-");
    String free = wanted;
    for (int i = 2; !otherLicences.getOrDefault(free, licence).equals(licence); i++) {
      free = wanted + "-" + i;
    }
    otherLicences.put(free, licence);
    return free;
  }

  private JsonArray extracted() {
    JsonArray all = new JsonArray();
    otherLicences.forEach((id, text) -> {
      JsonObject one = new JsonObject();
      one.addProperty("licenseId", id);
      one.addProperty("extractedText", text);
      all.add(one);
    });
    return all;
  }

  private static JsonArray checksums(String sha256) {
    JsonObject checksum = new JsonObject();
    checksum.addProperty("algorithm", "SHA256");
    checksum.addProperty("checksumValue", sha256);
    return Sbom.array(checksum);
  }

  private static JsonArray purlReference(String purl) {
    JsonObject reference = new JsonObject();
    reference.addProperty("referenceCategory", "PACKAGE-MANAGER");
    reference.addProperty("referenceType", "purl");
    reference.addProperty("referenceLocator", purl);
    return Sbom.array(reference);
  }

  private void relate(String from, String kind, String to) {
    JsonObject one = new JsonObject();
    one.addProperty("spdxElementId", from);
    one.addProperty("relationshipType", kind);
    one.addProperty("relatedSpdxElement", to);
    relationships.add(one);
  }

  private static String reference(String coordinates) {
    return "SPDXRef-" + coordinates.replaceAll("[^A-Za-z0-9.-]", "-");
  }

  /** Composer has no two dots or an underscore beside a hyphen in names, so none is another's. */
  private static String reference(ComposerPackage one) {
    String name = one.name().replace("/", "..").replaceAll("[^A-Za-z0-9.-]", "-.");
    return "SPDXRef-composer-" + name;
  }
}
