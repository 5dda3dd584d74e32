package dev.rr.config;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import dev.rr.config.Node.Entry;
import dev.rr.config.Node.Kind;
import dev.rr.config.Node.Mapping;
import dev.rr.config.Node.Scalar;
import dev.rr.config.Node.Sequence;
import dev.rr.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes sections of what did not come from a file, such as a pipeline declared over RPC. They are
 * decoded by the binders of the file's sections, so a driver has one record for both, with the same
 * bounds and messages. Stateless; any thread.
 *
 * <p>What is decoded here is not noted for unknown keys and {@code rpc.Config}: those tell about
 * the file, and a client may declare without end.
 */
public final class Sections {
  private Sections() {}

  /** As {@link #of(Map, Problem.Place, Problems, Schema)} without a schema. */
  public static Section of(Map<String, ?> declared, Problem.Place at, Problems into) {
    return of(declared, at, into, null);
  }

  /**
   * A section over values, decoded by the same weak rules as one of a file: {@code "100"} is a
   * number, {@code "true"} a boolean. What upstream's PHP packages put into texts is taken from
   * there: {@code "[1]"} is a list and {@code "{}"} a map where one is expected, and {@code "5"} a
   * duration of five seconds. The call itself, {@code jobs.Declare}, has texts only: a protobuf map
   * from text to text, so arrays and objects can travel as JSON alone.
   *
   * @param declared texts, numbers, booleans, nulls, and maps and collections of these
   * @param at what problems name; its path is the section's
   * @param into takes the problems
   * @param schema what is known of the keys, so that secrets are masked
   */
  public static Section of(
      Map<String, ?> declared, Problem.Place at, Problems into, @Nullable Schema schema) {
    Reading reading = new Reading(at.file(), into, null, true);
    return NodeSection.of(mapping(declared, at), at, reading, schema);
  }

  /**
   * The map or list that a text holds as JSON; the text itself when it holds none. Empty text, and
   * what PHP makes of a null, are no value. Text that only looks like JSON is left alone: whether
   * it is wrong, the key that expects it says. How deep it may be nested the JSON reader bounds.
   */
  static Node json(Scalar text) {
    String value = text.text().strip();
    if (value.isEmpty() || value.equals("null")) {
      return new Scalar(Kind.NULL, "", text.written(), text.file(), text.line());
    }
    if (value.startsWith("{") || value.startsWith("[")) {
      try {
        Object read = JsonReader.read(value.getBytes(StandardCharsets.UTF_8), 0);
        return node(read, new Problem.Place(text.file(), text.line(), ""));
      } catch (IllegalArgumentException e) {
        return text;
      }
    }
    return text;
  }

  /**
   * A value as the node that YAML would have given. All of them stand where the declaration does.
   */
  private static Node node(@Nullable Object value, Problem.Place at) {
    return switch (value) {
      case null -> scalar(Kind.NULL, "", at);
      case Map<?, ?> map -> mapping(map, at);
      case Iterable<?> list -> {
        List<Node> items = new ArrayList<>();
        list.forEach(item -> items.add(node(item, at)));
        yield new Sequence(items, at.file(), at.line());
      }
      case Boolean bool -> scalar(Kind.BOOL, bool.toString(), at);
      case Double number -> scalar(Kind.FLOAT, number.toString(), at);
      case Float number -> scalar(Kind.FLOAT, number.toString(), at);
      case Number number -> scalar(Kind.INT, number.toString(), at);
      default -> scalar(Kind.STRING, value.toString(), at);
    };
  }

  private static Scalar scalar(Kind kind, String text, Problem.Place at) {
    return new Scalar(kind, text, text, at.file(), at.line());
  }

  private static Mapping mapping(Map<?, ?> map, Problem.Place at) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    map.forEach((key, value) -> {
      String name = String.valueOf(key);
      entries.put(name.toLowerCase(Locale.ROOT), new Entry(name, at.line(), node(value, at)));
    });
    return new Mapping(entries, at.file(), at.line());
  }
}
