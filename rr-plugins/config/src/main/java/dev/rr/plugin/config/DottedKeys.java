package dev.rr.plugin.config;

import dev.rr.api.config.Problem;
import dev.rr.config.KnownKeys;
import dev.rr.config.Node;
import dev.rr.config.Node.Entry;
import dev.rr.config.Node.Mapping;
import dev.rr.config.Node.Scalar;
import dev.rr.config.Node.Sequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Takes {@code a.b: c} for {@code a: {b: c}}, as the dot is the separator of key paths: always
 * between top-level sections, and inside of them where a schema knows {@code a}. Keys that are the
 * user's own (headers, variables, objectives) keep their dots. One thread.
 *
 * <p>Upstream gets there by accident: it sets every value again under its dotted path when it
 * expands the file, and viper splits that path. So {@code http.pool.debug: true} works in deployed
 * files, and {@code objectives: {0.5: 0.05}} fails. Schemas tell the two apart
 * (docs/differences.md).
 *
 * <p>Done before overrides and includes are applied, which so find sections where they are
 * expected. Lines stay those of the written keys.
 */
final class DottedKeys {
  private final KnownKeys root;
  private final List<Problem> problems;

  /**
   * Splits by what is known.
   *
   * @param problems told of keys that stand twice, once with a dot and once without
   */
  DottedKeys(KnownKeys root, List<Problem> problems) {
    this.root = root;
    this.problems = problems;
  }

  /** The sections of a file. */
  Mapping split(Mapping file) {
    Mapping sections = new Mapping(new LinkedHashMap<>(), file.file(), file.line());
    for (Entry entry : file.entries().values()) {
      int dot = dot(entry.name(), 0);
      Entry section = dot < 0 ? entry : nested(entry, dot);
      boolean known = root.children().containsKey(key(section));
      sections = put(sections, known ? section : section.with(splitAll(section.value(), dot)));
    }
    return below(root, sections);
  }

  /** Nobody here reads the section: its key on the top level is split at every dot. */
  private static Node splitAll(Node node, int dotBefore) {
    if (dotBefore < 0 || !(node instanceof Mapping m)) {
      return node;
    }
    SequencedMap<String, Entry> out = new LinkedHashMap<>();
    for (Entry entry : m.entries().values()) {
      int dot = dot(entry.name(), 0);
      Entry split = dot < 0 ? entry : nested(entry, dot);
      out.put(key(split), split.with(splitAll(split.value(), dot)));
    }
    return new Mapping(out, m.file(), m.line());
  }

  /** What is below a place whose keys are known; entries of a list are each such a place. */
  private Node split(KnownKeys known, Node node) {
    return switch (node) {
      case Scalar s -> s;
      case Sequence s ->
          new Sequence(
              s.items().stream().map(item -> split(known, item)).toList(), s.file(), s.line());
      case Mapping m -> {
        Mapping nested = new Mapping(new LinkedHashMap<>(), m.file(), m.line());
        for (Entry entry : m.entries().values()) {
          int dot = end(known, entry);
          nested = put(nested, dot < 0 ? entry : nested(entry, dot));
        }
        yield below(known, nested);
      }
    };
  }

  /** Goes on below each key that is known; what is below others is left as it is. */
  private Mapping below(KnownKeys known, Mapping mapping) {
    SequencedMap<String, Entry> out = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach((key, entry) -> {
          KnownKeys child = known.each() == null ? known.children().get(key) : known.each();
          out.put(key, child == null ? entry : entry.with(split(child, entry.value())));
        });
    return new Mapping(out, mapping.file(), mapping.line());
  }

  /** Where the first part of a key ends; -1 when the key is one part. */
  private static int end(KnownKeys known, Entry entry) {
    KnownKeys each = known.each();
    if (each == null) {
      int dot = dot(entry.name(), 0);
      boolean whole = dot < 0 || known.children().containsKey(key(entry));
      return !whole && holdsKeys(known, entry.name().substring(0, dot)) ? dot : -1;
    }
    // The first part is a name, which may have dots itself; what follows it has to be known.
    int dot = dot(entry.name(), 0);
    while (dot >= 0 && !fits(each, entry.name().substring(dot + 1), entry.value())) {
      dot = dot(entry.name(), dot + 1);
    }
    return dot;
  }

  /** Whether what follows a name may stand below it: a known key, or the way to one. */
  private static boolean fits(KnownKeys known, String rest, Node value) {
    int dot = dot(rest, 0);
    return dot < 0 && !(value instanceof Mapping)
        ? known.children().containsKey(rest.toLowerCase(Locale.ROOT))
        : holdsKeys(known, dot < 0 ? rest : rest.substring(0, dot));
  }

  /** A known key is not enough: below one that takes a single value nothing can stand. */
  private static boolean holdsKeys(KnownKeys known, String name) {
    KnownKeys child = known.children().get(name.toLowerCase(Locale.ROOT));
    return child != null && child.holdsKeys();
  }

  /** The first dot from here on that has something on both sides; -1 for none. */
  private static int dot(String name, int from) {
    int dot = name.indexOf('.', Math.max(1, from));
    return dot == name.length() - 1 ? -1 : dot;
  }

  /** {@code a.b: c} as {@code a: {b: c}}; what follows the dot may have dots of its own. */
  private static Entry nested(Entry entry, int dot) {
    SequencedMap<String, Entry> inner = new LinkedHashMap<>();
    Entry rest = new Entry(entry.name().substring(dot + 1), entry.line(), entry.value());
    inner.put(key(rest), rest);
    Mapping mapping = new Mapping(inner, entry.value().file(), entry.line());
    return new Entry(entry.name().substring(0, dot), entry.line(), mapping);
  }

  private static String key(Entry entry) {
    return entry.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Adds an entry; one that is a map goes into the map that is there already, so {@code
   * http.address} and {@code http:} make one section. Of two values the first stays, and the second
   * is a problem: a key that stands twice is one, however it is written.
   */
  private Mapping put(Mapping into, Entry entry) {
    Entry old = into.entries().get(key(entry));
    if (old == null || Node.isNull(old.value())) {
      return into.with(Map.of(key(entry), entry));
    }
    if (old.value() instanceof Mapping m && entry.value() instanceof Mapping more) {
      Mapping both = m;
      for (Entry each : more.entries().values()) {
        both = put(both, each);
      }
      return into.with(Map.of(key(entry), old.with(both)));
    }
    if (!Node.isNull(entry.value())) {
      problems.add(
          new Problem(
              new Problem.Place(entry.value().file(), entry.line(), ""),
              "key \"" + entry.name() + "\" stands twice, first on line " + old.line()));
    }
    return into;
  }
}
