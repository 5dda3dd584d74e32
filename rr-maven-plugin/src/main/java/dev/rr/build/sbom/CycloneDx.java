package dev.rr.build.sbom;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.rr.build.application.Application;
import dev.rr.build.application.ComposerPackage;
import dev.rr.build.lock.Lock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A bill of materials as CycloneDX 1.6 (<a
 * href="https://cyclonedx.org/docs/1.6/json/">cyclonedx.org</a>). Immutable.
 */
final class CycloneDx {
  private final Sbom sbom;

  CycloneDx(Sbom sbom) {
    this.sbom = sbom;
  }

  /** The whole document. */
  JsonObject json() {
    JsonObject file = new JsonObject();
    file.addProperty("type", "application");
    file.addProperty("bom-ref", sbom.name());
    file.addProperty("name", sbom.name());
    file.addProperty("version", sbom.lock().version());
    JsonObject metadata = new JsonObject();
    metadata.add("component", file);
    JsonObject root = new JsonObject();
    root.addProperty("bomFormat", "CycloneDX");
    root.addProperty("specVersion", "1.6");
    root.addProperty("serialNumber", "urn:uuid:" + sbom.uuid());
    root.addProperty("version", 1);
    root.add("metadata", metadata);
    root.add("components", components());
    root.add("dependencies", dependencies());
    return root;
  }

  private JsonArray components() {
    JsonArray components = new JsonArray();
    sbom.lock().artifacts().forEach(artifact -> components.add(component(artifact)));
    Optional.ofNullable(sbom.lock().application()).ifPresent(app -> components.add(component(app)));
    sbom.packages().forEach(one -> components.add(component(one)));
    return components;
  }

  private JsonArray dependencies() {
    JsonArray dependencies = new JsonArray();
    List<String> parts = new ArrayList<>();
    sbom.lock().artifacts().forEach(artifact -> parts.add(Sbom.purl(artifact.coordinates())));
    if (sbom.lock().application() != null) {
      parts.add(Application.TAR);
    }
    dependencies.add(dependency(sbom.name(), parts.stream()));
    for (Lock.LockedArtifact artifact : sbom.lock().artifacts()) {
      String coordinates = artifact.coordinates();
      dependencies.add(
          dependency(Sbom.purl(coordinates), sbom.edges(coordinates).stream().map(Sbom::purl)));
    }
    if (sbom.lock().application() != null) {
      dependencies.add(dependency(Application.TAR, sbom.packages().stream().map(Sbom::purl)));
    }
    for (ComposerPackage one : sbom.packages()) {
      dependencies.add(dependency(Sbom.purl(one), sbom.required(one).map(Sbom::purl)));
    }
    return dependencies;
  }

  private static JsonObject dependency(String reference, Stream<String> on) {
    JsonObject dependency = new JsonObject();
    dependency.addProperty("ref", reference);
    JsonArray all = new JsonArray();
    on.forEach(all::add);
    dependency.add("dependsOn", all);
    return dependency;
  }

  private JsonObject component(Lock.LockedArtifact artifact) {
    String coordinates = artifact.coordinates();
    String[] parts = coordinates.split(":", -1);
    JsonObject component = library(Sbom.purl(coordinates), parts[0], parts[1], parts[2]);
    component.add("hashes", hashes(artifact.sha256()));
    addLicences(component, sbom.licences(coordinates));
    component.addProperty("purl", Sbom.purl(coordinates));
    String plugins = sbom.plugins(coordinates);
    if (plugins != null) {
      component.add("properties", property("rr:plugin", plugins));
    }
    return component;
  }

  private static JsonObject component(Lock.LockedApplication application) {
    JsonObject component = new JsonObject();
    component.addProperty("type", "application");
    component.addProperty("bom-ref", Application.TAR);
    component.addProperty("name", Sbom.APPLICATION);
    component.add("hashes", hashes(application.sha256()));
    component.add("properties", property("rr:entry", Application.TAR));
    return component;
  }

  private static JsonObject component(ComposerPackage one) {
    JsonObject component = library(Sbom.purl(one), one.vendor(), one.project(), one.version());
    addLicences(component, one.licences());
    component.addProperty("purl", Sbom.purl(one));
    if (one.development()) {
      // As CycloneDX's own plugin for Composer calls it.
      component.add("properties", property("cdx:composer:package:isDevRequirement", "true"));
    }
    return component;
  }

  private static JsonObject library(String reference, String group, String name, String version) {
    JsonObject component = new JsonObject();
    component.addProperty("type", "library");
    component.addProperty("bom-ref", reference);
    component.addProperty("group", group);
    component.addProperty("name", name);
    component.addProperty("version", version);
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
      return Sbom.array(choice);
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
    return Sbom.array(hash);
  }

  private static JsonArray property(String key, String value) {
    JsonObject property = new JsonObject();
    property.addProperty("name", key);
    property.addProperty("value", value);
    return Sbom.array(property);
  }
}
