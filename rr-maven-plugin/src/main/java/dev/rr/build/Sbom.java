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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A bill of the materials of a file: every jar in it with its hash, which plugin it is, and who
 * brought it; the PHP application, if one is in it, and the packages of that. The same selection
 * and application give the same bytes: numbers that have to be unique come of the content's hash,
 * and the time is the caller's. Immutable.
 *
 * <p>CycloneDX 1.6 (<a href="https://cyclonedx.org/docs/1.6/json/">cyclonedx.org</a>) and SPDX 2.3
 * (<a href="https://spdx.github.io/spdx-spec/v2.3/">spdx.github.io</a>).
 */
public final class Sbom {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private static final String APPLICATION = "app";
  private static final String SPDX_APPLICATION = "SPDXRef-app";

  private final Lock lock;
  private final Map<String, List<String>> edges;
  private final Map<String, List<String>> licences;
  private final String name;
  private final List<ComposerPackage> packages;
  private final Map<String, String> purls = new TreeMap<>();
  private final Map<String, String> plugins = new TreeMap<>();

  private Sbom(
      Lock lock,
      Map<String, List<String>> edges,
      Map<String, List<String>> licences,
      String name,
      List<ComposerPackage> packages) {
    this.lock = lock;
    this.edges = edges;
    this.licences = licences;
    this.name = name;
    this.packages = packages;
    packages.forEach(one -> purls.put(one.name(), purl(one)));
  }

  /**
   * Of a selection and an application.
   *
   * @param name of the file
   * @param edges what each artifact depends on itself, by coordinates, sorted
   * @param licences of artifacts, by coordinates: identifiers of SPDX, or names; any may be chosen
   */
  public static Sbom of(
      Selection selection,
      Optional<Application> application,
      String name,
      String version,
      Versions versions,
      Map<String, List<String>> edges,
      Map<String, List<String>> licences)
      throws BuildException, IOException {
    Sbom sbom =
        new Sbom(
            Lock.of(selection, application, version, versions),
            edges,
            licences,
            name,
            application.isPresent() ? application.get().packages() : List.of());
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
    Optional.ofNullable(lock.application()).ifPresent(app -> components.add(component(app)));
    packages.forEach(one -> components.add(component(one)));
    root.add("components", components);
    root.add("dependencies", dependencies());
    return GSON.toJson(root) + "\n";
  }

  private JsonArray dependencies() {
    JsonArray dependencies = new JsonArray();
    List<String> parts =
        lock.artifacts().stream().map(a -> purl(a.coordinates())).collect(Collectors.toList());
    if (lock.application() != null) {
      parts.add(Application.TAR);
    }
    dependencies.add(dependency(name, parts));
    lock.artifacts()
        .forEach(a ->
            dependencies.add(
                dependency(
                    purl(a.coordinates()),
                    edges(a.coordinates()).stream().map(Sbom::purl).toList())));
    if (lock.application() != null) {
      dependencies.add(dependency(Application.TAR, packages.stream().map(Sbom::purl).toList()));
    }
    packages.forEach(
        one -> dependencies.add(dependency(purl(one), required(one).map(purls::get).toList())));
    return dependencies;
  }

  private JsonObject component(Lock.LockedArtifact artifact) {
    String[] parts = artifact.coordinates().split(":", -1);
    JsonObject component = new JsonObject();
    component.addProperty("type", "library");
    component.addProperty("bom-ref", purl(artifact.coordinates()));
    component.addProperty("group", parts[0]);
    component.addProperty("name", parts[1]);
    component.addProperty("version", parts[2]);
    component.add("hashes", hashes(artifact.sha256()));
    addLicences(component, licences.getOrDefault(artifact.coordinates(), List.of()));
    component.addProperty("purl", purl(artifact.coordinates()));
    String plugin = plugins.get(artifact.coordinates());
    if (plugin != null) {
      component.add("properties", property("rr:plugin", plugin));
    }
    return component;
  }

  private static JsonObject component(Lock.LockedApplication application) {
    JsonObject component = new JsonObject();
    component.addProperty("type", "application");
    component.addProperty("bom-ref", Application.TAR);
    component.addProperty("name", APPLICATION);
    component.add("hashes", hashes(application.sha256()));
    component.add("properties", property("rr:entry", Application.TAR));
    return component;
  }

  private static JsonObject component(ComposerPackage one) {
    int slash = one.name().indexOf('/');
    JsonObject component = new JsonObject();
    component.addProperty("type", "library");
    component.addProperty("bom-ref", purl(one));
    component.addProperty("group", one.name().substring(0, slash));
    component.addProperty("name", one.name().substring(slash + 1));
    component.addProperty("version", one.version());
    addLicences(component, one.licences());
    component.addProperty("purl", purl(one));
    if (one.development()) {
      // As CycloneDX's own plugin for Composer calls it.
      component.add("properties", property("cdx:composer:package:isDevRequirement", "true"));
    }
    return component;
  }

  private static void addLicences(JsonObject component, List<String> any) {
    if (!any.isEmpty()) {
      component.add("licenses", licences(any));
    }
  }

  /** One expression, or each for itself: the format knows no mixture. */
  private static JsonArray licences(List<String> licences) {
    Optional<String> expression = Licences.expression(licences);
    if (expression.isPresent() && !Licences.isIdentifier(expression.get())) {
      JsonObject choice = new JsonObject();
      choice.addProperty("expression", expression.get());
      return array(choice);
    }
    JsonArray all = new JsonArray();
    for (String licence : licences) {
      JsonObject named = new JsonObject();
      named.addProperty(Licences.isIdentifier(licence) ? "id" : "name", licence);
      JsonObject choice = new JsonObject();
      choice.add("license", named);
      all.add(choice);
    }
    return all;
  }

  private static JsonArray hashes(String sha256) {
    JsonObject hash = new JsonObject();
    hash.addProperty("alg", "SHA-256");
    hash.addProperty("content", sha256);
    return array(hash);
  }

  private static JsonArray property(String key, String value) {
    JsonObject property = new JsonObject();
    property.addProperty("name", key);
    property.addProperty("value", value);
    return array(property);
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
    JsonArray all = new JsonArray();
    all.add(spdxPackage("SPDXRef-file", name, lock.version()));
    JsonArray relationships = new JsonArray();
    relationships.add(relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-file"));
    Map<String, String> otherLicences = new TreeMap<>();
    for (Lock.LockedArtifact artifact : lock.artifacts()) {
      all.add(spdxPackage(artifact, otherLicences));
      relationships.add(
          relationship("SPDXRef-file", "CONTAINS", reference(artifact.coordinates())));
      for (String on : edges(artifact.coordinates())) {
        relationships.add(
            relationship(reference(artifact.coordinates()), "DEPENDS_ON", reference(on)));
      }
    }
    if (lock.application() != null) {
      all.add(spdxPackage(lock.application()));
      relationships.add(relationship("SPDXRef-file", "CONTAINS", SPDX_APPLICATION));
    }
    for (ComposerPackage one : packages) {
      all.add(spdxPackage(one, otherLicences));
      relationships.add(relationship(SPDX_APPLICATION, "CONTAINS", composerReference(one.name())));
      required(one)
          .forEach(on ->
              relationships.add(
                  relationship(
                      composerReference(one.name()), "DEPENDS_ON", composerReference(on))));
    }
    root.add("packages", all);
    if (!otherLicences.isEmpty()) {
      root.add("hasExtractedLicensingInfos", extracted(otherLicences));
    }
    root.add("relationships", relationships);
    return GSON.toJson(root) + "\n";
  }

  private JsonObject spdxPackage(Lock.LockedArtifact artifact, Map<String, String> others) {
    String[] parts = artifact.coordinates().split(":", -1);
    JsonObject one =
        spdxPackage(reference(artifact.coordinates()), parts[0] + ":" + parts[1], parts[2]);
    addDeclared(one, licences.getOrDefault(artifact.coordinates(), List.of()), others);
    one.add("checksums", checksums(artifact.sha256()));
    one.add("externalRefs", purlReference(purl(artifact.coordinates())));
    return one;
  }

  private static JsonObject spdxPackage(Lock.LockedApplication application) {
    JsonObject one = spdxPackage(SPDX_APPLICATION, APPLICATION, null);
    one.addProperty("packageFileName", Application.TAR);
    one.add("checksums", checksums(application.sha256()));
    return one;
  }

  private static JsonObject spdxPackage(ComposerPackage composer, Map<String, String> others) {
    JsonObject one =
        spdxPackage(composerReference(composer.name()), composer.name(), composer.version());
    addDeclared(one, composer.licences(), others);
    one.add("externalRefs", purlReference(purl(composer)));
    return one;
  }

  private static void addDeclared(JsonObject one, List<String> any, Map<String, String> others) {
    if (!any.isEmpty()) {
      one.addProperty("licenseDeclared", declared(any, others));
    }
  }

  /** What has no identifier of SPDX gets one of this bill, which tells what it stands for. */
  private static String declared(List<String> licences, Map<String, String> others) {
    return Licences.expression(licences)
        .orElseGet(() ->
            licences.stream()
                .map(licence -> {
                  if (Licences.isIdentifier(licence)) {
                    return licence;
                  }
                  String id = "LicenseRef-" + licence.replaceAll("[^A-Za-z0-9.-]+", "-");
                  others.putIfAbsent(id, licence);
                  return id;
                })
                .collect(Collectors.joining(" OR ")));
  }

  private static JsonArray extracted(Map<String, String> licences) {
    JsonArray all = new JsonArray();
    licences.forEach((id, text) -> {
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
    return array(checksum);
  }

  private static JsonArray purlReference(String purl) {
    JsonObject reference = new JsonObject();
    reference.addProperty("referenceCategory", "PACKAGE-MANAGER");
    reference.addProperty("referenceType", "purl");
    reference.addProperty("referenceLocator", purl);
    return array(reference);
  }

  private static JsonObject spdxPackage(String id, String name, @Nullable String version) {
    JsonObject one = new JsonObject();
    one.addProperty("SPDXID", id);
    one.addProperty("name", name);
    if (version != null) {
      one.addProperty("versionInfo", version);
    }
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

  /** Composer has no two dots or an underscore beside a hyphen in names, so none is another's. */
  private static String composerReference(String name) {
    return "SPDXRef-composer-" + name.replace("/", "..").replaceAll("[^A-Za-z0-9.-]", "-.");
  }

  /** What a package needs, as far as it is one of the application's. */
  private Stream<String> required(ComposerPackage one) {
    return one.requires().stream().filter(purls::containsKey);
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

  /** See the purl specification, type composer. */
  private static String purl(ComposerPackage one) {
    int slash = one.name().indexOf('/');
    return "pkg:composer/%s/%s@%s"
        .formatted(
            encoded(one.name().substring(0, slash).toLowerCase(Locale.ROOT)),
            encoded(one.name().substring(slash + 1).toLowerCase(Locale.ROOT)),
            encoded(one.version()));
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
