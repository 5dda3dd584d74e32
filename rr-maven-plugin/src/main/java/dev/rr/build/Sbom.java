package dev.rr.build;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.rr.processor.root.SelectedPlugin;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A bill of the materials of a file: every jar in it with its hash, which plugin it is, and who
 * brought it. The same selection gives the same bytes: numbers that have to be unique come of the
 * content's hash, and the time is the caller's. Immutable.
 *
 * <p>CycloneDX 1.6 (<a href="https://cyclonedx.org/docs/1.6/json/">cyclonedx.org</a>) and SPDX 2.3
 * (<a href="https://spdx.github.io/spdx-spec/v2.3/">spdx.github.io</a>).
 */
public final class Sbom {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final Lock lock;
  private final Map<String, List<String>> edges;
  private final String name;
  private final Map<String, String> plugins = new TreeMap<>();

  private Sbom(Lock lock, Map<String, List<String>> edges, String name) {
    this.lock = lock;
    this.edges = edges;
    this.name = name;
  }

  /**
   * Of a selection.
   *
   * @param name of the file
   * @param edges what each artifact depends on itself, by coordinates, sorted
   */
  public static Sbom of(
      Selection selection,
      String name,
      String version,
      Versions versions,
      Map<String, List<String>> edges)
      throws IOException {
    Sbom sbom = new Sbom(Lock.of(selection, Optional.empty(), version, versions), edges, name);
    for (SelectedPlugin member : selection.graph().order()) {
      sbom.plugins.merge(member.coordinates(), member.id(), (a, b) -> a + " " + b);
    }
    return sbom;
  }

  /** As CycloneDX, without a time, which the format does not ask for. */
  public String cycloneDx() {
    JsonObject root = new JsonObject();
    root.addProperty("bomFormat", "CycloneDX");
    root.addProperty("specVersion", "1.6");
    root.addProperty("serialNumber", "urn:uuid:" + uuid());
    root.addProperty("version", 1);
    JsonObject file = new JsonObject();
    file.addProperty("type", "application");
    file.addProperty("bom-ref", name);
    file.addProperty("name", name);
    file.addProperty("version", lock.version());
    JsonObject metadata = new JsonObject();
    metadata.add("component", file);
    root.add("metadata", metadata);
    JsonArray components = new JsonArray();
    lock.artifacts().forEach(artifact -> components.add(component(artifact)));
    root.add("components", components);
    JsonArray dependencies = new JsonArray();
    dependencies.add(
        dependency(name, lock.artifacts().stream().map(a -> purl(a.coordinates())).toList()));
    lock.artifacts()
        .forEach(a ->
            dependencies.add(
                dependency(
                    purl(a.coordinates()),
                    edges(a.coordinates()).stream().map(Sbom::purl).toList())));
    root.add("dependencies", dependencies);
    return GSON.toJson(root) + "\n";
  }

  private JsonObject component(Lock.LockedArtifact artifact) {
    String[] parts = artifact.coordinates().split(":", -1);
    JsonObject component = new JsonObject();
    component.addProperty("type", "library");
    component.addProperty("bom-ref", purl(artifact.coordinates()));
    component.addProperty("group", parts[0]);
    component.addProperty("name", parts[1]);
    component.addProperty("version", parts[2]);
    JsonObject hash = new JsonObject();
    hash.addProperty("alg", "SHA-256");
    hash.addProperty("content", artifact.sha256());
    component.add("hashes", array(hash));
    component.addProperty("purl", purl(artifact.coordinates()));
    String plugin = plugins.get(artifact.coordinates());
    if (plugin != null) {
      JsonObject property = new JsonObject();
      property.addProperty("name", "rr:plugin");
      property.addProperty("value", plugin);
      component.add("properties", array(property));
    }
    return component;
  }

  private static JsonObject dependency(String ref, List<String> on) {
    JsonObject dependency = new JsonObject();
    dependency.addProperty("ref", ref);
    JsonArray all = new JsonArray();
    on.forEach(all::add);
    dependency.add("dependsOn", all);
    return dependency;
  }

  /**
   * As SPDX.
   *
   * @param created when, as the format wants it; a fixed moment keeps the bytes the same
   */
  public String spdx(Instant created) {
    JsonObject root = new JsonObject();
    root.addProperty("spdxVersion", "SPDX-2.3");
    root.addProperty("dataLicense", "CC0-1.0");
    root.addProperty("SPDXID", "SPDXRef-DOCUMENT");
    root.addProperty("name", name + "-" + lock.version());
    root.addProperty(
        "documentNamespace", "https://spdx.org/spdxdocs/" + encoded(name) + "-" + uuid());
    JsonObject creation = new JsonObject();
    creation.addProperty("created", created.truncatedTo(ChronoUnit.SECONDS).toString());
    JsonArray creators = new JsonArray();
    creators.add("Tool: rr-maven-plugin-" + lock.rr());
    creation.add("creators", creators);
    root.add("creationInfo", creation);
    JsonArray packages = new JsonArray();
    packages.add(spdxPackage("SPDXRef-file", name, lock.version()));
    JsonArray relationships = new JsonArray();
    relationships.add(relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-file"));
    for (Lock.LockedArtifact artifact : lock.artifacts()) {
      packages.add(spdxPackage(artifact));
      relationships.add(
          relationship("SPDXRef-file", "CONTAINS", reference(artifact.coordinates())));
      for (String on : edges(artifact.coordinates())) {
        relationships.add(
            relationship(reference(artifact.coordinates()), "DEPENDS_ON", reference(on)));
      }
    }
    root.add("packages", packages);
    root.add("relationships", relationships);
    return GSON.toJson(root) + "\n";
  }

  private static JsonObject spdxPackage(Lock.LockedArtifact artifact) {
    String[] parts = artifact.coordinates().split(":", -1);
    JsonObject one =
        spdxPackage(reference(artifact.coordinates()), parts[0] + ":" + parts[1], parts[2]);
    JsonObject checksum = new JsonObject();
    checksum.addProperty("algorithm", "SHA256");
    checksum.addProperty("checksumValue", artifact.sha256());
    one.add("checksums", array(checksum));
    JsonObject purl = new JsonObject();
    purl.addProperty("referenceCategory", "PACKAGE-MANAGER");
    purl.addProperty("referenceType", "purl");
    purl.addProperty("referenceLocator", purl(artifact.coordinates()));
    one.add("externalRefs", array(purl));
    return one;
  }

  private static JsonObject spdxPackage(String id, String name, String version) {
    JsonObject one = new JsonObject();
    one.addProperty("SPDXID", id);
    one.addProperty("name", name);
    one.addProperty("versionInfo", version);
    one.addProperty("downloadLocation", "NOASSERTION");
    one.addProperty("filesAnalyzed", false);
    one.addProperty("licenseConcluded", "NOASSERTION");
    one.addProperty("licenseDeclared", "NOASSERTION");
    one.addProperty("copyrightText", "NOASSERTION");
    return one;
  }

  private static JsonObject relationship(String from, String kind, String to) {
    JsonObject one = new JsonObject();
    one.addProperty("spdxElementId", from);
    one.addProperty("relationshipType", kind);
    one.addProperty("relatedSpdxElement", to);
    return one;
  }

  private static String reference(String coordinates) {
    return "SPDXRef-" + coordinates.replaceAll("[^A-Za-z0-9.-]", "-");
  }

  /** What an artifact depends on, as far as it is in the file. */
  private List<String> edges(String coordinates) {
    List<String> there =
        lock.artifacts().stream()
            .map(Lock.LockedArtifact::coordinates)
            .collect(Collectors.toList());
    return edges.getOrDefault(coordinates, List.of()).stream().filter(there::contains).toList();
  }

  /** See the purl specification, type maven. */
  private static String purl(String coordinates) {
    String[] parts = coordinates.split(":", -1);
    return "pkg:maven/%s/%s@%s%s"
        .formatted(
            encoded(parts[0]),
            encoded(parts[1]),
            encoded(parts[2]),
            parts.length > 3 ? "?classifier=" + encoded(parts[3]) + "&type=jar" : "?type=jar");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private UUID uuid() {
    return UUID.nameUUIDFromBytes(lock.toJson().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonArray array(JsonObject one) {
    JsonArray all = new JsonArray();
    all.add(one);
    return all;
  }
}
