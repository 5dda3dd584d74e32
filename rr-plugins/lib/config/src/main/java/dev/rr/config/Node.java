package dev.rr.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A value of the configuration and where it stands. Immutable. */
public sealed interface Node {
  /** The file, or null for an override. */
  @Nullable Path file();

  /** From 1; 0 when unknown. */
  int line();

  /** What a scalar is before anybody decodes it. */
  enum Kind {
    NULL,
    BOOL,
    INT,
    FLOAT,
    STRING
  }

  /**
   * A single value.
   *
   * @param text as in the file, after expansion
   * @param written as in the file, before expansion
   */
  record Scalar(Kind kind, String text, String written, @Nullable Path file, int line)
      implements Node {
    /** The same value with another text. */
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
   * A map.
   *
   * @param entries by key in lower case, in the file's order
   */
  record Mapping(SequencedMap<String, Entry> entries, @Nullable Path file, int line)
      implements Node {
    /** An empty map of no file. */
    public static final Mapping EMPTY = new Mapping(new LinkedHashMap<>(), null, 0);

    /** The value of a key in any case; null when absent. */
    public @Nullable Node get(String key) {
      Entry entry = entries.get(key.toLowerCase(Locale.ROOT));
      return entry == null ? null : entry.value();
    }

    /** A map in which these entries are added or replaced. */
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
   * @param line of the key
   */
  record Entry(String name, int line, Node value) {
    /** The same key with another value. */
    public Entry with(Node changed) {
      return new Entry(name, line, changed);
    }
  }

  /** Whether this stands for nothing. */
  static boolean isNull(@Nullable Node node) {
    return node == null || node instanceof Scalar s && s.kind() == Kind.NULL;
  }
}
