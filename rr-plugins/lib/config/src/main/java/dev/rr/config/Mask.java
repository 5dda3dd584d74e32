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
 * tells, and passwords in addresses. Three ways, as none is enough: no schema knows the plugins
 * that are not in this binary, not every secret has a name that tells, and addresses with passwords
 * stand under keys of any name. To mask too much costs a line that cannot be read, to mask too
 * little a password: every process that reaches the RPC socket may ask.
 *
 * <p>Any thread: sections are decoded by the thread that starts the server, while RPC may ask.
 */
final class Mask {
  private static final String ANY_KEY = "[^.]+";

  /**
   * Key paths of secrets, in lower case. Never removed: what was a secret once stays one. Grows
   * while sections are bound, which ends with the start; declared pipelines are not among them.
   */
  private final Queue<Pattern> secrets = new ConcurrentLinkedQueue<>();

  /**
   * Learns the secrets of a section.
   *
   * @param path where it was decoded, which for a driver's section only its host knows
   */
  void learn(String path, Schema schema) {
    learnBelow(Pattern.quote(path.toLowerCase(Locale.ROOT)), schema);
  }

  /** Below a map of sections one part of the path is a name, which the user chooses. */
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

  /** The same values without secrets, sorted by key as Go's JSON sorts them. The input is kept. */
  Map<String, Object> show(Map<String, Object> values) {
    return map("", "", values);
  }

  /** One value at its path. */
  Object show(List<String> path, Object value) {
    List<String> keys = path.stream().map(key -> key.toLowerCase(Locale.ROOT)).toList();
    String at = "";
    String parent = "";
    for (String key : keys) {
      at = at.isEmpty() ? key : at + "." + key;
      if (isSecret(at, parent, key)) {
        return masked(value);
      }
      parent = key;
    }
    return shown(at, parent, value);
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

  /**
   * Whether a value is masked. Among variables a {@code …_key} is one, such as Laravel's {@code
   * APP_KEY}; elsewhere keys that end so are names and paths, such as {@code routing_key}.
   */
  private boolean isSecret(String path, String parent, String key) {
    return Secrets.named(key)
        || (parent.equals("env") && key.endsWith("_key"))
        || secrets.stream().anyMatch(secret -> secret.matcher(path).matches());
  }

  /**
   * What is no secret itself, but may have some inside. Entries of a list share the list's path.
   */
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
