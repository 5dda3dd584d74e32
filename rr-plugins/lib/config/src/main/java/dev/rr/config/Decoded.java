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
 * drivers decode while the server checks, before unknown keys are looked for. Any thread, as RPC
 * asks for masked values while sections may still be bound.
 */
final class Decoded {
  /**
   * By identity: two storages may well be equal, and be read by two drivers. A section may have
   * been decoded as several records; its keys are those of all. A list of maps that was read as one
   * map is none of the tree's nodes, so its keys are known from the schemas alone.
   */
  private final Map<Mapping, List<Schema>> schemas = new IdentityHashMap<>();

  private final Mask mask = new Mask();

  /** Notes it. The same section is decoded by the check and by the start, and is noted once. */
  synchronized void add(String path, Mapping section, Schema schema) {
    mask.learn(path, schema);
    List<Schema> all = schemas.computeIfAbsent(section, s -> new ArrayList<>());
    if (!all.contains(schema)) {
      all.add(schema);
    }
  }

  /** Learns the secrets of a section that may not have been decoded. */
  void learn(String path, Schema schema) {
    mask.learn(path, schema);
  }

  /** One value without the secrets in it. */
  Object masked(List<String> path, Object value) {
    return mask.show(path, value);
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
