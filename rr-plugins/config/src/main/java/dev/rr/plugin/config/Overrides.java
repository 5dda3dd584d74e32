package dev.rr.plugin.config;

import dev.rr.config.Node;
import dev.rr.config.Node.Entry;
import dev.rr.config.Node.Kind;
import dev.rr.config.Node.Mapping;
import dev.rr.config.Node.Scalar;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Parses {@code -o key=value} and sets values in a tree. Stateless; called while the configuration
 * is loaded, by its thread.
 *
 * <p>One argument is one pair, and is not split at commas: values have them. The value is text and
 * is typed when it is decoded, so {@code -o http.pool.num_workers=4} is a number there.
 */
final class Overrides {
  private Overrides() {}

  /**
   * One parsed argument; neither part is empty, unless the value was written as a pair of quotes.
   */
  record Pair(String key, String value) {}

  /**
   * Parses one argument as upstream's {@code parseFlag} does: at the first {@code =}, as a value
   * may have more of them, and without quotes that a shell or a process manager left in front.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static Pair parse(String argument) {
    int start = 0;
    while (start < argument.length() && " \"'`".indexOf(argument.charAt(start)) >= 0) {
      start++;
    }
    String text = argument.substring(start);
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException(
          "invalid flag `"
              + argument
              + "`: write -o key=value, for example -o rpc.listen=tcp://:6001");
    }
    String key = text.substring(0, equals).strip();
    String value = text.substring(equals + 1).strip();
    if (key.isEmpty()) {
      throw new IllegalArgumentException("key should not be empty in -o " + argument);
    }
    if (value.isEmpty()) {
      throw new IllegalArgumentException("value should not be empty in -o " + argument);
    }
    return new Pair(key, unquote(value));
  }

  /** Takes all quotes of the first one's kind off both ends, as Go's {@code strings.Trim} does. */
  private static String unquote(String value) {
    char quote = value.charAt(0);
    if ("\"'`".indexOf(quote) < 0) {
      return value;
    }
    int from = 0;
    int to = value.length();
    while (from < to && value.charAt(from) == quote) {
      from++;
    }
    while (to > from && value.charAt(to - 1) == quote) {
      to--;
    }
    return value.substring(from, to).replace("\\" + quote, String.valueOf(quote));
  }

  /**
   * {@code tree} with the value at a dotted path; whatever stood in its way is replaced. Every dot
   * separates, as in viper's {@code Set}. The value has neither file nor line, by which messages
   * know that it was given with {@code -o}. The tree that is given is not changed.
   */
  static Mapping set(Mapping tree, String path, String value) {
    Scalar scalar = new Scalar(Kind.STRING, value, value, null, 0);
    return set(tree, List.of(path.split("\\.", -1)), scalar);
  }

  private static Mapping set(Mapping tree, List<String> path, Node value) {
    String name = path.getFirst();
    String key = name.toLowerCase(Locale.ROOT);
    Node changed = value;
    if (path.size() > 1) {
      Mapping below = tree.get(key) instanceof Mapping m ? m : Mapping.EMPTY;
      changed = set(below, path.subList(1, path.size()), value);
    }
    Entry old = tree.entries().get(key);
    int line = old == null || path.size() == 1 ? 0 : old.line();
    return tree.with(Map.of(key, new Entry(old == null ? name : old.name(), line, changed)));
  }
}
