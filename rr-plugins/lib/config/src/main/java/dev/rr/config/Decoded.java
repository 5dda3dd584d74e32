package dev.rr.config;

import dev.rr.api.config.Schema;
import dev.rr.config.Node.Mapping;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What sections were decoded as. A plugin's own section stands at a path that its schema tells, but
 * where a driver's stands, its host decides: what was decoded there is the only sure answer. So
 * drivers decode while the server checks, before unknown keys are looked for. Any thread.
 */
final class Decoded {
  /** By identity: two storages may well be equal. */
  private final Map<Mapping, List<Schema>> schemas = new IdentityHashMap<>();

  private final Mask mask = new Mask();

  synchronized void add(String path, Mapping section, Schema schema) {
    mask.learn(path, schema);
    List<Schema> all = schemas.computeIfAbsent(section, s -> new ArrayList<>());
    if (!all.contains(schema)) {
      all.add(schema);
    }
  }

  /** What a map was decoded as; empty when nobody has decoded it. */
  synchronized List<Schema> of(Node node) {
    return node instanceof Mapping section
        ? List.copyOf(schemas.getOrDefault(section, List.of()))
        : List.of();
  }

  /** The same values without the secrets of what was decoded. */
  Map<String, Object> masked(Map<String, Object> values) {
    return mask.show(values);
  }
}
