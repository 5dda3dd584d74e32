package dev.rr.build.select;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Suggestions;
import dev.rr.processor.root.CatalogueEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The plugins as the user named them, in the user's order. Immutable. */
final class RequestedPlugins {
  /** Stands for every plugin of rr. */
  private static final String ALL = "*";

  private final List<String> names;
  private final KnownPlugins known;

  RequestedPlugins(Collection<String> names, KnownPlugins known) {
    this.names =
        List.copyOf(
            new LinkedHashSet<>(
                // Maven makes null of the empty element of "a,,b".
                names.stream()
                    .filter(Objects::nonNull)
                    .map(String::trim)
                    .filter(n -> !n.isEmpty())
                    .flatMap(n -> n.equals(ALL) ? known.names().stream() : Stream.of(n))
                    .toList()));
    this.known = known;
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  /** Where they are found, sorted; what cannot be understood becomes a problem. */
  List<Coordinates> coordinates(Resolver resolver, List<String> problems) throws BuildException {
    TreeMap<String, Coordinates> found = new TreeMap<>();
    for (String name : names) {
      Optional<Coordinates> requested =
          name.contains(":") ? full(name, resolver, problems) : shortName(name, problems);
      if (requested.isPresent()) {
        Coordinates one = requested.get();
        Coordinates other = found.put(one.key(), one);
        if (other != null && !other.equals(one)) {
          problems.add(
              "rr.plugins names "
                  + one.key()
                  + " twice: "
                  + other.version()
                  + " and "
                  + one.version());
        }
      }
    }
    return found.values().stream().sorted().toList();
  }

  /** Plugins that somebody may have meant by a name that is not known. */
  Set<String> meant() {
    Set<String> meant = new LinkedHashSet<>();
    names.stream()
        .filter(this::isUnknown)
        .forEach(n -> meant.addAll(Suggestions.to(n, known.names())));
    return meant;
  }

  /**
   * With the nearest name in the place of each that is not known, or nothing where none is near.
   */
  RequestedPlugins corrected() {
    return new RequestedPlugins(names.stream().flatMap(this::nearest).toList(), known);
  }

  private Stream<String> nearest(String name) {
    return isUnknown(name)
        ? Suggestions.to(name, known.names()).stream().limit(1)
        : Stream.of(name);
  }

  private boolean isUnknown(String name) {
    return !name.contains(":") && known.find(name).isEmpty();
  }

  /** The plugins named here that are not named there, as far as they are known. */
  List<CatalogueEntry> beside(RequestedPlugins other) {
    return names.stream()
        .filter(n -> !other.names.contains(n))
        .flatMap(n -> known.find(n).stream())
        .toList();
  }

  /** These and those, each before {@code before} when that is named here, else at the end. */
  RequestedPlugins with(Collection<String> added, String before) {
    List<String> longer = new ArrayList<>(names);
    int at = longer.indexOf(before);
    longer.addAll(at < 0 ? longer.size() : at, added);
    return new RequestedPlugins(longer, known);
  }

  @Override
  public String toString() {
    return String.join(",", names);
  }

  private Optional<Coordinates> shortName(String name, List<String> problems) {
    Optional<CatalogueEntry> entry = known.find(name);
    if (entry.isEmpty()) {
      List<String> nearest = Suggestions.to(name, known.names());
      problems.add(
          "rr.plugins names "
              + name
              + ", which is no plugin of rr. "
              + (nearest.isEmpty()
                  ? "These are: " + String.join(", ", known.names()) + "."
                  : "Did you mean " + String.join(" or ", nearest) + "?")
              + " A plugin of somebody else is named by groupId:artifactId:version.");
    }
    return entry.map(e -> parse(e.coordinates()));
  }

  private Optional<Coordinates> full(String name, Resolver resolver, List<String> problems)
      throws BuildException {
    String[] parts = name.split(":", -1);
    boolean whole = parts.length == 2 || parts.length == 3;
    for (String part : parts) {
      whole &= part.matches("[A-Za-z0-9._+-]+");
    }
    if (!whole) {
      problems.add(
          "rr.plugins names "
              + name
              + "; allowed are a short name (http) and groupId:artifactId or"
              + " groupId:artifactId:version");
      return Optional.empty();
    }
    if (parts.length == 3) {
      return Optional.of(new Coordinates(parts[0], parts[1], parts[2]));
    }
    // What the project fixes goes before rr's own version.
    Optional<Coordinates> found =
        resolver
            .version(parts[0], parts[1])
            .map(v -> new Coordinates(parts[0], parts[1], v))
            .or(() -> known.at(name).map(e -> parse(e.coordinates())));
    if (found.isEmpty()) {
      problems.add(
          "rr.plugins names "
              + name
              + " without a version, and this project fixes none; write "
              + name
              + ":<version>");
    }
    return found;
  }

  private static Coordinates parse(String coordinates) {
    String[] parts = coordinates.split(":", -1);
    return new Coordinates(parts[0], parts[1], parts[2]);
  }
}
