package dev.rr.cli.config;

import dev.rr.api.config.Schema;
import dev.rr.api.plugin.Catalogue;
import dev.rr.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the schemas of plugins together to one of the whole file, JSON schema of draft 2020-12. Each
 * is taken from the descriptor that the plugin was built with, and says what a value is; here it is
 * made to allow what a file may hold besides: references to variables, no value at all, and what is
 * decoded weakly. One use.
 */
final class ConfigSchema {
  private static final String DESCRIPTORS = "/META-INF/rr/plugin/";
  private static final String NAMES = "*";
  private static final String PROPERTIES = "properties";
  private static final String OTHERS = "additionalProperties";

  private final Map<String, Object> root = section();

  ConfigSchema() {
    described(root);
    Map<String, Object> version = new LinkedHashMap<>();
    version.put("type", "string");
    version.put("description", "The version of this format.");
    version.put("default", "3");
    properties(root).put("version", version);
    properties(root)
        .put(
            "include",
            described(
                "Files whose sections replace those of this one.", "array", "string", "null"));
    properties(root)
        .put("envfile", described("A file of variables, beside this one.", "string", "null"));
  }

  /** Adds a section that no plugin reads, but rr itself. */
  void addOwn(Schema schema) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Schema.Field field : schema.fields()) {
      Map<String, Object> value = new LinkedHashMap<>();
      switch (field.type()) {
        case BOOLEAN -> value.put("type", "boolean");
        case INTEGER -> value.put("type", "integer");
        case DURATION -> value.put("type", List.of("string", "integer"));
        default -> value.put("type", "string");
      }
      value.put("description", field.doc());
      fields.put(field.name(), value);
    }
    place(List.of(schema.key()), "", Map.of("type", "object", PROPERTIES, fields));
  }

  /**
   * Adds the sections of a plugin of this binary.
   *
   * @throws IOException when its descriptor cannot be read
   */
  void addDescriptor(String plugin) throws IOException {
    try (InputStream in = ConfigSchema.class.getResourceAsStream(DESCRIPTORS + plugin + ".json")) {
      if (in != null
          && JsonReader.read(in.readAllBytes(), 0) instanceof Map<?, ?> descriptor
          && descriptor.get("sections") instanceof List<?> sections) {
        sections.forEach(this::addSection);
      }
    }
  }

  private void addSection(@Nullable Object section) {
    if (section instanceof Map<?, ?> map
        && map.get("key") instanceof String key
        && map.get("schema") instanceof Map<?, ?> schema
        && !key.isEmpty()) {
      String driver = map.get("driver") instanceof String name ? name : "";
      place(List.of(key.split("\\.")), driver, schema);
    }
  }

  /** Names sections that plugins outside of this binary read, so that they are not unknown. */
  void addOutside(Catalogue catalogue) {
    for (Catalogue.Entry plugin : catalogue.entries()) {
      for (String section : plugin.builtIn() ? List.<String>of() : plugin.sections()) {
        List<String> path = List.of(section.split("\\."));
        if (!path.contains(NAMES)) {
          Map<String, Object> outside = new LinkedHashMap<>();
          outside.put(
              "description",
              "Read by the plugin %s, which is not in this binary: add %s to the build."
                  .formatted(plugin.id(), plugin.coordinates()));
          properties(parent(path)).putIfAbsent(path.getLast(), outside);
        }
      }
    }
  }

  Map<String, Object> document() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    out.put("title", "rr");
    out.putAll(root);
    out.put("type", "object");
    properties(out).putAll(new TreeMap<>(properties(root)));
    return out;
  }

  private void place(List<String> path, String driver, Map<?, ?> schema) {
    Map<String, Object> parent = parent(path);
    Map<String, Object> loose = loose(schema);
    String key = path.getLast();
    if (!driver.isEmpty()) {
      properties(parent).putIfAbsent(key, section());
      conditions(parent).add(when(driver, key, loose));
      return;
    }
    Object there = properties(parent).get(key);
    properties(parent).put(key, there instanceof Map<?, ?> old ? merged(old, loose) : loose);
  }

  /** The map that holds the last key of a path; made where nobody described it yet. */
  @SuppressWarnings("unchecked") // only maps that were made here are in the tree
  private Map<String, Object> parent(List<String> path) {
    Map<String, Object> at = root;
    for (String part : path.subList(0, path.size() - 1)) {
      Map<String, Object> in = part.equals(NAMES) ? at : properties(at);
      String key = part.equals(NAMES) ? OTHERS : part;
      if (!(in.get(key) instanceof Map<?, ?>)) {
        in.put(key, section());
      }
      at = (Map<String, Object>) in.get(key);
    }
    return at;
  }

  /** What was placed below a section before the section itself came. */
  private static Map<String, Object> merged(Map<?, ?> old, Map<String, Object> schema) {
    Map<String, Object> out = new LinkedHashMap<>(schema);
    if (old.get(PROPERTIES) instanceof Map<?, ?> before) {
      before.forEach((key, value) -> properties(out).putIfAbsent(String.valueOf(key), value));
    }
    old.forEach((key, value) -> out.putIfAbsent(String.valueOf(key), value));
    return out;
  }

  private static Map<String, Object> when(String driver, String key, Map<String, Object> schema) {
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put(
        "if",
        Map.of(
            PROPERTIES, Map.of("driver", Map.of("const", driver)), "required", List.of("driver")));
    condition.put("then", Map.of(PROPERTIES, Map.of(key, schema)));
    return condition;
  }

  @SuppressWarnings("unchecked") // as above
  private static List<Object> conditions(Map<String, Object> section) {
    return (List<Object>) section.computeIfAbsent("allOf", k -> new ArrayList<>());
  }

  @SuppressWarnings("unchecked") // as above
  private static Map<String, Object> properties(Map<String, Object> section) {
    return (Map<String, Object>) section.computeIfAbsent(PROPERTIES, k -> new LinkedHashMap<>());
  }

  private static Map<String, Object> section() {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("type", List.of("object", "null"));
    return section;
  }

  private static Map<String, Object> described(String text, String... types) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("type", List.of(types));
    out.put("description", text);
    return out;
  }

  /** All keys of this section are told; others are mistakes, but for ways to write known ones. */
  private static void described(Map<String, Object> section) {
    section.put("patternProperties", Map.of("\\.", Map.of()));
    section.put(OTHERS, false);
  }

  /** The schema of a value as a file may hold it. */
  private static Map<String, Object> loose(Map<?, ?> strict) {
    Map<String, Object> out = new LinkedHashMap<>();
    strict.forEach((key, value) -> out.put(String.valueOf(key), value));
    LooseTypes.loosen(out);
    if (strict.get("items") instanceof Map<?, ?> items) {
      out.put("items", loose(items));
    }
    if (strict.get(OTHERS) instanceof Map<?, ?> each) {
      out.put(OTHERS, loose(each));
    }
    if (strict.get(PROPERTIES) instanceof Map<?, ?> properties) {
      Map<String, Object> below = new LinkedHashMap<>();
      properties.forEach((key, value) ->
          below.put(String.valueOf(key), value instanceof Map<?, ?> map ? loose(map) : value));
      out.put(PROPERTIES, below);
      if (!out.containsKey(OTHERS)) {
        described(out);
      }
    }
    return out;
  }
}
