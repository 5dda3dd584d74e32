package dev.rr.config;

import dev.rr.api.config.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/**
 * Replaces secrets of a configuration that is shown: what a schema calls one, what its key's name
 * tells, and passwords in addresses. Any thread.
 */
final class Mask {
  private static final String ANY_KEY = "[^.]+";

  /** Key paths of secrets. */
  private final Queue<Pattern> secrets = new ConcurrentLinkedQueue<>();

  /** Learns the secrets of a section. */
  void learn(String path, Schema schema) {
    learnBelow(Pattern.quote(path.toLowerCase(Locale.ROOT)), schema);
  }

  private void learnBelow(String path, Schema schema) {
    for (Schema.Field field : schema.fields()) {
      String below = path + Pattern.quote("." + field.name());
      if (field.secret()) {
        secrets.add(Pattern.compile(below));
      }
      Schema nested = field.nested();
      if (nested != null) {
        boolean named = field.type() == Schema.Type.SECTION_MAP;
        learnBelow(named ? below + "\\." + ANY_KEY : below, nested);
      }
    }
  }

  /** The same values without secrets. */
  Map<String, Object> show(Map<String, Object> values) {
    return map("", "", values);
  }

  private Map<String, Object> map(String path, String key, Map<?, ?> values) {
    Map<String, Object> out = new TreeMap<>();
    values.forEach((name, value) -> {
      String below = String.valueOf(name);
      String at = path.isEmpty() ? below : path + "." + below;
      out.put(below, isSecret(at, key, below) ? masked(value) : shown(at, below, value));
    });
    return out;
  }

  private boolean isSecret(String path, String parent, String key) {
    return Secrets.named(key)
        || (parent.equals("env") && key.endsWith("_key"))
        || secrets.stream().anyMatch(secret -> secret.matcher(path).matches());
  }

  private Object shown(String path, String key, Object value) {
    return switch (value) {
      case Map<?, ?> map -> map(path, key, map);
      case List<?> list -> list.stream().map(element -> shown(path, key, element)).toList();
      case String text -> Secrets.withoutPasswords(text);
      default -> value;
    };
  }

  /** Which keys there are may be seen, and that a value is not set. */
  private static Object masked(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> out = new TreeMap<>();
        map.forEach((key, element) -> out.put(String.valueOf(key), masked(element)));
        yield out;
      }
      case List<?> list -> list.stream().map(Mask::masked).toList();
      default -> value.equals("") ? "" : "***";
    };
  }
}
