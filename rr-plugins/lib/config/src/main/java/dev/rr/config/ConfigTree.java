package dev.rr.config;

import dev.rr.api.config.Problem;
import dev.rr.config.Node.Mapping;
import dev.rr.config.Node.Scalar;
import dev.rr.config.Node.Sequence;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was loaded. Immutable; any thread.
 *
 * <p>Two trees, as viper has two layers: what was set, and the file. Upstream sets every value of
 * the file again when it expands it, then overrides, then whole sections of includes. So an
 * included section replaces the root's when a plugin decodes it, while a single key that only the
 * root has is still found, and shown by {@code rpc.Config}. Deployed files may rely on either.
 *
 * @param effective what sections are decoded from: the file, then overrides, then includes, each of
 *     which replaces a top-level section as a whole
 * @param file the file alone; answers only for single keys that {@code effective} lost to an
 *     include
 * @param environment what values were expanded against, the envfile's variables among them; workers
 *     inherit it
 * @param warnings what is odd about it but no error
 */
public record ConfigTree(
    Mapping effective, Mapping file, Map<String, String> environment, List<Problem> warnings) {
  public ConfigTree {
    environment = Map.copyOf(environment);
    warnings = List.copyOf(warnings);
  }

  /**
   * A single value or section; null when absent or null.
   *
   * @param path dotted, in any case
   */
  @Nullable Node find(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    Node hit = find(effective, lower);
    if (!Node.isNull(hit)) {
      return hit;
    }
    if (blocked(lower)) {
      return null;
    }
    Node fallback = find(file, lower);
    return Node.isNull(fallback) ? null : fallback;
  }

  /** The section to decode; null when absent. */
  @Nullable Node section(String path) {
    return path.isEmpty() ? effective : find(path);
  }

  /**
   * Whether something that is no map stands on the way, set by an override or an include. It hides
   * what the file has below, as viper's {@code isPathShadowedInDeepMap} does.
   */
  private boolean blocked(String path) {
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      Node prefix = find(effective, path.substring(0, dot));
      if (!Node.isNull(prefix) && !(prefix instanceof Mapping)) {
        return true;
      }
    }
    return false;
  }

  /** Follows a dotted path; of keys that have dots themselves the longest match goes first. */
  private static @Nullable Node find(Mapping in, String path) {
    Node whole = in.get(path);
    if (whole != null) {
      return whole;
    }
    for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
      if (in.get(path.substring(0, dot)) instanceof Mapping below) {
        Node hit = find(below, path.substring(dot + 1));
        if (hit != null) {
          return hit;
        }
      }
    }
    return null;
  }

  /**
   * Everything as Java values, keys in lower case and sorted; nulls are left out. The file's values
   * with the effective ones over them, leaf by leaf, as viper's {@code AllSettings} does it.
   */
  Map<String, Object> values() {
    Map<String, Object> out = values(file);
    overlay(out, effective);
    return out;
  }

  private static Map<String, Object> values(Mapping mapping) {
    Map<String, Object> out = new TreeMap<>();
    mapping
        .entries()
        .forEach((key, entry) -> {
          if (!Node.isNull(entry.value())) {
            out.put(key, value(entry.value()));
          }
        });
    return out;
  }

  /** A node as a Java value, as {@link #values} has it. */
  static Object value(Node node) {
    return switch (node) {
      case Mapping m -> values(m);
      case Sequence s ->
          s.items().stream().filter(item -> !Node.isNull(item)).map(ConfigTree::value).toList();
      case Scalar s -> Scalars.value(s);
    };
  }

  @SuppressWarnings("unchecked") // only values() above puts maps there
  private static void overlay(Map<String, Object> out, Mapping over) {
    over.entries()
        .forEach((key, entry) -> {
          if (entry.value() instanceof Mapping m && out.get(key) instanceof Map<?, ?> below) {
            overlay((Map<String, Object>) below, m);
          } else if (!Node.isNull(entry.value())) {
            out.put(key, value(entry.value()));
          }
        });
  }

  /** As text; null when it is absent or not a scalar. */
  @Nullable String text(String path) {
    return find(path) instanceof Scalar s ? Scalars.text(s) : null;
  }

  /**
   * The texts of a list, or of a text split at white space, as viper's {@code GetStringSlice} does:
   * {@code -o include=".a.yaml .b.yaml"} names two files. Empty when there are none.
   */
  public static List<String> words(@Nullable Node node) {
    return switch (node) {
      case Scalar s when !Scalars.text(s).isBlank() ->
          List.of(Scalars.text(s).strip().split("\\s+"));
      case Sequence s ->
          s.items().stream()
              .filter(Scalar.class::isInstance)
              .map(item -> Scalars.text((Scalar) item))
              .toList();
      case null, default -> List.of();
    };
  }
}
