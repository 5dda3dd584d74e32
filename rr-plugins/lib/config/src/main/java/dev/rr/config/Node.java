package dev.rr.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A value of the configuration and where it stands, so that every message can name file and line.
 * Upstream's maps have lost both by the time a value turns out to be wrong. Immutable; any thread.
 *
 * <p>Nodes are records and equal by what they hold. Who has to tell two places apart that look
 * alike compares identity, as is done with what sections were decoded as.
 */
public sealed interface Node {
  /**
   * The file; null for what stands in none, such as an override. Messages then say that it was
   * given with {@code -o}.
   */
  @Nullable Path file();

  /** Where it begins, from 1; 0 when unknown, which messages leave out. */
  int line();

  /**
   * What a scalar is before anybody decodes it. It decides where the weak rules look at the form: a
   * bare {@code 1.9} is cut to 1 where a whole number is expected, a quoted one is an error.
   */
  enum Kind {
    NULL,
    BOOL,
    INT,
    FLOAT,
    STRING
  }

  /**
   * A single value. Its text is kept, not the value that it stands for: {@code 0x10} is 16 as a
   * number, and messages still show what was typed.
   *
   * @param text as in the file, after expansion
   * @param written as in the file, before expansion; messages show it beside a text that differs
   */
  record Scalar(Kind kind, String text, String written, @Nullable Path file, int line)
      implements Node {
    /** The same value with another text; of the same kind, as expansion does not type it. */
    public Scalar expanded(String to) {
      return new Scalar(kind, to, written, file, line);
    }
  }

  /** A list. */
  record Sequence(List<Node> items, @Nullable Path file, int line) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /**
   * A map. Keys are found in any case, as viper lowers them all; the case that was written is kept
   * in the entry, since variables and headers have one.
   *
   * @param entries by key in lower case, in the file's order
   */
  record Mapping(SequencedMap<String, Entry> entries, @Nullable Path file, int line)
      implements Node {
    /** An empty map of no file: what stands for a section that is absent or of the wrong kind. */
    public static final Mapping EMPTY = new Mapping(new LinkedHashMap<>(), null, 0);

    /** The value of a key in any case; null when absent. */
    public @Nullable Node get(String key) {
      Entry entry = entries.get(key.toLowerCase(Locale.ROOT));
      return entry == null ? null : entry.value();
    }

    /**
     * A map in which these entries are added or replaced. One that is replaced keeps its place in
     * the order.
     */
    public Mapping with(Map<String, Entry> changed) {
      SequencedMap<String, Entry> all = new LinkedHashMap<>(entries);
      all.putAll(changed);
      return new Mapping(all, file, line);
    }
  }

  /**
   * One entry of a map.
   *
   * @param name the key as written
   * @param line of the key; a map below it begins a line later, and nobody looks there
   */
  record Entry(String name, int line, Node value) {
    /** The same key with another value. */
    public Entry with(Node changed) {
      return new Entry(name, line, changed);
    }
  }

  /**
   * Whether this stands for nothing: absent, or a key without a value. Upstream takes the two for
   * the same, so {@code http:} alone leaves its plugin off; {@code http: {}} does not.
   */
  static boolean isNull(@Nullable Node node) {
    return node == null || node instanceof Scalar s && s.kind() == Kind.NULL;
  }
}
