package dev.rr.plugin.http;

import dev.rr.api.http.HttpFault;
import dev.rr.exchange.Targets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fields with names such as {@code a[b][]} as a tree, the way PHP applications have always been
 * handed them. Keys are sorted. One thread.
 *
 * @param <T> what hangs in it
 */
final class FormTree<T> {
  /** A name of more segments than this is left out. */
  private static final int MAX_SEGMENTS = 127;

  /** Which of several values a single place takes. */
  enum Pick {
    FIRST,
    LAST
  }

  /** A branch, or a leaf with one value or a list of them. */
  private sealed interface Node<T> {}

  private record Branch<T>(TreeMap<String, Node<T>> children) implements Node<T> {}

  private record Leaf<T>(List<T> values, boolean list) implements Node<T> {}

  private final Predicate<T> empty;
  private final Pick pick;
  private final Branch<T> root = new Branch<>(new TreeMap<>());

  FormTree(Predicate<T> empty, Pick pick) {
    this.empty = empty;
    this.pick = pick;
  }

  /** Whether nothing was mounted. */
  boolean isEmpty() {
    return root.children.isEmpty();
  }

  /**
   * Hangs values at the place that a name tells.
   *
   * @throws HttpFault when something else hangs there
   */
  void mount(String name, List<T> values) throws HttpFault {
    List<String> path = segments(name);
    if (path.size() > MAX_SEGMENTS) {
      return;
    }
    boolean list = path.size() > 1 && path.getLast().isEmpty();
    int last = path.size() - (list ? 2 : 1);
    Leaf<T> leaf =
        new Leaf<>(
            list ? values : List.of(pick == Pick.LAST ? values.getLast() : values.getFirst()),
            list);
    Branch<T> at = root;
    for (int i = 0; i < last; i++) {
      Branch<T> next = descend(at, path.get(i), leaf);
      if (next == null) {
        return;
      }
      at = next;
    }
    hang(at, path.get(last), leaf);
  }

  /** The branch below; null when the new value is to be left out. */
  private @Nullable Branch<T> descend(Branch<T> at, String key, Leaf<T> leaf) throws HttpFault {
    Node<T> there = at.children.get(key);
    if (there instanceof Branch<T> branch) {
      return branch;
    }
    if (there instanceof Leaf<T> old && !isEmpty(old)) {
      if (isEmpty(leaf)) {
        return null;
      }
      throw conflict(key);
    }
    Branch<T> made = new Branch<>(new TreeMap<>());
    at.children.put(key, made);
    return made;
  }

  private void hang(Branch<T> at, String key, Leaf<T> leaf) throws HttpFault {
    Node<T> there = at.children.get(key);
    if (there != null && isEmpty(leaf)) {
      return;
    }
    if (there instanceof Branch<T>) {
      throw conflict(key);
    }
    at.children.put(key, leaf);
  }

  private boolean isEmpty(Leaf<T> leaf) {
    return leaf.values.stream().allMatch(empty);
  }

  private static HttpFault conflict(String key) {
    return new HttpFault(
        400, "invalid multiple values to key '" + FormFields.printable(key) + "' in tree");
  }

  /** The segments of a name: {@code a[b][]} is a, b and an empty one. Blanks do not count. */
  static List<String> segments(String name) {
    List<String> segments = new ArrayList<>(4);
    StringBuilder current = new StringBuilder();
    boolean open = false;
    boolean closed = false;
    for (int i = 0; i < name.length() && segments.size() <= MAX_SEGMENTS; i++) {
      char c = name.charAt(i);
      switch (c) {
        case ' ' -> {}
        case '[' -> open = true;
        case ']' -> {
          if (open) {
            segments.add(current.toString());
            current.setLength(0);
          }
          open = false;
          closed = true;
        }
        default -> {
          if (open || closed) {
            segments.add(current.toString());
            current.setLength(0);
          }
          open = false;
          closed = false;
          current.append(c);
        }
      }
    }
    segments.add(current.toString());
    return segments;
  }

  /** Writes the tree as a JSON object. */
  void write(ByteWriter out, BiConsumer<ByteWriter, T> value) {
    write(out, root, value);
  }

  private void write(ByteWriter out, Node<T> node, BiConsumer<ByteWriter, T> value) {
    switch (node) {
      case Branch<T> branch -> {
        out.put('{');
        branch.children.forEach((key, child) -> {
          text(out, key);
          write(out.put(':'), child, value);
          out.put(',');
        });
        close(out, branch.children.isEmpty(), '}');
      }
      case Leaf<T> leaf when leaf.list -> {
        out.put('[');
        for (T item : leaf.values) {
          value.accept(out, item);
          out.put(',');
        }
        close(out, leaf.values.isEmpty(), ']');
      }
      case Leaf<T> leaf -> value.accept(out, leaf.values.getFirst());
    }
  }

  private static void close(ByteWriter out, boolean empty, char end) {
    if (!empty) {
      out.drop(1);
    }
    out.put(end);
  }

  /** Writes a byte string as JSON text; what is no UTF-8 becomes U+FFFD. */
  static void text(ByteWriter out, String text) {
    JsonContext.string(out, Targets.isUtf8(text) ? text : replaced(text));
  }

  private static String replaced(String text) {
    String decoded = FormFields.printable(text);
    return new String(decoded.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
