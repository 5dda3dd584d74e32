package dev.rr.plugin.gzip;

import dev.rr.api.config.Nearest;
import dev.rr.api.config.Section;
import dev.rr.api.http.ContentCoding;
import dev.rr.api.plugin.Catalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the codings that {@code http.gzip.encodings} lists. */
final class Encodings {
  private static final String KEY = "encodings";

  /** The plugins that are not called like their coding. */
  private static final Map<String, String> PLUGINS = Map.of("br", "brotli");

  private final Map<String, ContentCoding> live;
  private final Catalogue catalogue;
  private final Section section;

  /**
   * Reads a list.
   *
   * @param live the codings of this binary by their tokens
   * @param section gets a problem for each name that stands for nothing here
   */
  Encodings(Map<String, ContentCoding> live, Catalogue catalogue, Section section) {
    this.live = live;
    this.catalogue = catalogue;
    this.section = section;
  }

  /** The codings in the order of their names; those without a problem. */
  List<ContentCoding> find(List<String> names) {
    List<ContentCoding> found = new ArrayList<>();
    for (String name : names) {
      ContentCoding coding = live.get(name.toLowerCase(Locale.ROOT));
      if (coding == null) {
        section.problem(KEY, missing(name));
      } else if (found.contains(coding)) {
        section.problem(KEY, "'" + name + "' stands twice");
      } else {
        found.add(coding);
      }
    }
    if (names.isEmpty()) {
      section.problem(
          KEY, "is empty; " + allowed() + ", or take gzip off http.middleware to compress nothing");
    }
    return found;
  }

  private String missing(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    String id = PLUGINS.getOrDefault(wanted, wanted);
    Optional<Catalogue.Entry> entry = offering().stream().filter(e -> e.id().equals(id)).findAny();
    if (entry.isEmpty()) {
      return "'" + name + "' is no coding; " + allowed() + near(wanted);
    }
    if (!token(id).equals(wanted)) {
      return "'" + name + "' is the plugin; did you mean its coding '" + token(id) + "'?";
    }
    return entry.get().builtIn()
        ? "'" + name + "' is switched off, see rr plugins"
        : "'"
            + name
            + "' is not in this binary; add "
            + entry.get().coordinates()
            + " to the build";
  }

  private List<Catalogue.Entry> offering() {
    return catalogue.offering(ContentCoding.class);
  }

  private static String token(String id) {
    return PLUGINS.entrySet().stream()
        .filter(e -> e.getValue().equals(id))
        .map(Map.Entry::getKey)
        .findAny()
        .orElse(id);
  }

  private String near(String wanted) {
    String near = Nearest.to(wanted, known());
    return near == null ? "" : "; did you mean '" + near + "'?";
  }

  private String allowed() {
    return "there are " + String.join(", ", known());
  }

  private Set<String> known() {
    Set<String> known = new TreeSet<>(live.keySet());
    offering().forEach(e -> known.add(token(e.id())));
    return known;
  }
}
