package dev.rr.build.sbom;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.rr.build.BuildException;
import dev.rr.build.Versions;
import dev.rr.build.application.Application;
import dev.rr.build.application.ComposerPackage;
import dev.rr.build.lock.Lock;
import dev.rr.build.select.Selection;
import dev.rr.processor.root.SelectedPlugin;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
 */
public final class Sbom {
  /** What the application is called. */
  static final String APPLICATION = "app";

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final Lock lock;
  private final Map<String, List<String>> edges;
  private final Map<String, List<String>> licences;
  private final String name;
  // What Composer notes of dependencies has names in small letters, whatever the package's own are.
  private final Map<String, ComposerPackage> packages =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, String> plugins = new TreeMap<>();
  private final Set<String> coordinates;

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
    packages.forEach(one -> this.packages.put(one.name(), one));
    this.coordinates =
        lock.artifacts().stream()
            .map(Lock.LockedArtifact::coordinates)
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Of a selection and an application.
   *
   * @param name of the file
   * @param edges what each artifact depends on itself, by coordinates, sorted
   * @param licences of artifacts, by coordinates: identifiers of SPDX, or names; any may be chosen
   * @throws BuildException when the application's {@code composer.lock} cannot be read
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

  /** As CycloneDX 1.6, without a time, which the format does not ask for. */
  public String cycloneDx() {
    return text(new CycloneDx(this).json());
  }

  /**
   * As SPDX 2.3.
   *
   * @param created when, as the format wants it; a fixed moment keeps the bytes the same
   */
  public String spdx(Instant created) {
    return text(new Spdx(this).json(created));
  }

  private static String text(JsonObject json) {
    return GSON.toJson(json) + "\n";
  }

  // ---- what both formats tell ----------------------------------------------------------------

  /** The file's. */
  String name() {
    return name;
  }

  /** What is in the file, with hashes. */
  Lock lock() {
    return lock;
  }

  /** The application's packages, sorted by name. */
  Collection<ComposerPackage> packages() {
    return Collections.unmodifiableCollection(packages.values());
  }

  /** What a package needs, as far as it is one of the application's. */
  Stream<ComposerPackage> required(ComposerPackage one) {
    return one.requires().stream().map(packages::get).filter(Objects::nonNull);
  }

  /** What an artifact depends on, as far as it is in the file. */
  List<String> edges(String of) {
    return edges.getOrDefault(of, List.of()).stream().filter(coordinates::contains).toList();
  }

  /** Those of an artifact, any of which may be chosen; empty where it says none. */
  List<String> licences(String of) {
    return licences.getOrDefault(of, List.of());
  }

  /** The ids of the plugins that an artifact is; null where it is none. */
  @Nullable String plugins(String of) {
    return plugins.get(of);
  }

  /** The same for the same content. */
  UUID uuid() {
    return UUID.nameUUIDFromBytes(lock.toJson().getBytes(StandardCharsets.UTF_8));
  }

  /** See the purl specification, type maven. */
  static String purl(String coordinates) {
    String[] parts = coordinates.split(":", -1);
    return "pkg:maven/%s/%s@%s%s"
        .formatted(
            encoded(parts[0]),
            encoded(parts[1]),
            encoded(parts[2]),
            parts.length > 3 ? "?classifier=" + encoded(parts[3]) + "&type=jar" : "?type=jar");
  }

  /** See the purl specification, type composer. */
  static String purl(ComposerPackage one) {
    return "pkg:composer/%s/%s@%s"
        .formatted(
            encoded(one.vendor().toLowerCase(Locale.ROOT)),
            encoded(one.project().toLowerCase(Locale.ROOT)),
            encoded(one.version()));
  }

  /** As a part of an address. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** One alone, as both formats have many. */
  static JsonArray array(JsonObject one) {
    JsonArray all = new JsonArray();
    all.add(one);
    return all;
  }
}
