package dev.rr.config;

import dev.rr.api.config.EffectiveValue;
import dev.rr.api.config.EffectiveValue.Source;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Schema.Field;
import dev.rr.api.config.Schema.Type;
import dev.rr.config.Node.Entry;
import dev.rr.config.Node.Kind;
import dev.rr.config.Node.Mapping;
import dev.rr.config.Node.Scalar;
import dev.rr.config.Node.Sequence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lists what is in force: what is written, and the defaults of what is not. One use, one thread.
 */
final class EffectiveValues {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)");

  private final ConfigTree tree;
  private final Decoded decoded;
  private final Sections root = new Sections();
  private final List<EffectiveValue> found = new ArrayList<>();

  /** Sections by their key paths: what of them is read, and which stand below. */
  private static final class Sections {
    static final Sections NONE = new Sections();

    final List<Schema> schemas = new ArrayList<>();
    final SequencedMap<String, Sections> below = new LinkedHashMap<>();

    Sections at(String key) {
      return below.getOrDefault(key, NONE);
    }
  }

  EffectiveValues(ConfigTree tree, Decoded decoded, Collection<Schema> read) {
    this.tree = tree;
    this.decoded = decoded;
    for (Schema schema : read) {
      // A driver's sections are known by what they were decoded as, not by their path.
      if (schema.driver().isEmpty() && !schema.key().isEmpty()) {
        decoded.learn(schema.key(), schema);
        Sections at = root;
        for (String part : schema.key().split("\\.")) {
          at = at.below.computeIfAbsent(part, p -> new Sections());
        }
        at.schemas.add(schema);
      }
    }
  }

  List<EffectiveValue> list() {
    walk(tree.effective(), List.of(), root, List.of());
    return List.copyOf(found);
  }

  /**
   * One map.
   *
   * @param nested what it is to the record that holds it
   */
  private void walk(Mapping map, List<String> path, Sections sections, List<Schema> nested) {
    List<Field> fields =
        Stream.of(sections.schemas, nested, decoded.of(map))
            .flatMap(List::stream)
            .flatMap(schema -> schema.fields().stream())
            .toList();
    map.entries()
        .forEach((key, entry) ->
            value(entry, with(path, entry.name()), sections.at(key), below(fields, key)));
    Map<String, Field> absent = new LinkedHashMap<>();
    for (Field field : fields) {
      if (Node.isNull(map.get(field.name())) && !field.name().equals(Schema.NAMES)) {
        absent.putIfAbsent(field.name(), field);
      }
    }
    absent.forEach((key, field) -> fallback(field, with(path, key), sections.at(key)));
    sections.below.forEach((key, below) -> {
      if (Node.isNull(map.get(key)) && !absent.containsKey(key)) {
        walk(Mapping.EMPTY, with(path, key), below, List.of());
      }
    });
  }

  private void value(Entry entry, List<String> path, Sections sections, List<Schema> nested) {
    Node node = entry.value();
    if (Node.isNull(node)) {
      return;
    }
    int before = found.size();
    if (node instanceof Mapping map) {
      walk(map, path, sections, nested);
    }
    if (found.size() == before) {
      List<String> variables = variables(node).distinct().toList();
      Source source = node.file() == null ? Source.OVERRIDE : Source.FILE;
      boolean expanded = source == Source.FILE && !variables.isEmpty();
      Problem.Place place = new Problem.Place(node.file(), entry.line(), String.join(".", path));
      found.add(
          new EffectiveValue(
              path,
              decoded.masked(path, ConfigTree.value(node)),
              expanded ? Source.VARIABLE : source,
              place,
              expanded ? variables : List.of()));
    }
  }

  private void fallback(Field field, List<String> path, Sections sections) {
    Schema nested = field.nested();
    Object value = typed(field);
    if (field.type() == Type.SECTION && nested != null && !field.optional()) {
      walk(Mapping.EMPTY, path, sections, List.of(nested));
    } else if (value != null) {
      Problem.Place nowhere = new Problem.Place(null, 0, String.join(".", path));
      found.add(
          new EffectiveValue(
              path, decoded.masked(path, value), Source.DEFAULT, nowhere, List.of()));
    }
  }

  /** A default as it would stand in a file; null where there is none to show. */
  private static @Nullable Object typed(Field field) {
    String text = field.fallback();
    if (text.isEmpty()) {
      return field.type() == Type.BOOLEAN ? Boolean.FALSE : null;
    }
    return switch (field.type()) {
      case BOOLEAN, INTEGER, NUMBER ->
          Scalars.value(new Scalar(Scalars.plain(text), text, text, null, 0));
      case STRINGS -> Stream.of(text.split(",")).map(String::strip).toList();
      default -> text;
    };
  }

  /** What a map below a key is to its record; each of a map of sections is the same. */
  private static List<Schema> below(List<Field> fields, String key) {
    List<Schema> schemas = new ArrayList<>();
    for (Field field : fields) {
      Schema nested = field.nested();
      boolean each = field.name().equals(Schema.NAMES);
      if (nested != null && (each || field.name().equals(key))) {
        boolean names = !each && field.type() == Type.SECTION_MAP;
        schemas.add(names ? new Schema("", List.of(named(nested))) : nested);
      }
    }
    return schemas;
  }

  private static Field named(Schema nested) {
    return new Field(Schema.NAMES, Type.SECTION_MAP, "", false, false, List.of(), "", nested);
  }

  /** The variables that are set among those that a value refers to. */
  private Stream<String> variables(Node node) {
    return switch (node) {
      case Mapping m -> m.entries().values().stream().flatMap(e -> variables(e.value()));
      case Sequence s -> s.items().stream().flatMap(this::variables);
      case Scalar s when s.kind() == Kind.STRING && !s.written().equals(s.text()) ->
          REFERENCE
              .matcher(s.written())
              .results()
              .map((MatchResult r) -> r.group(1))
              .filter(name -> !tree.environment().getOrDefault(name, "").isEmpty());
      case Scalar s -> Stream.empty();
    };
  }

  private static List<String> with(List<String> path, String key) {
    List<String> longer = new ArrayList<>(path);
    longer.add(key);
    return longer;
  }
}
