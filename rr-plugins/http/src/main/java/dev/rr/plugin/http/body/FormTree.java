package dev.rr.plugin.http.body;

import dev.rr.api.http.HttpFault;
import dev.rr.plugin.http.text.ByteWriter;
import dev.rr.plugin.http.text.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Fields with names such as {@code a[b][]} as a tree, the way PHP applications have always been
 * handed them. Keys are sorted. One thread.
 *
 * @param <T> its values
 */
final class FormTree<T> {
  /** A name of more segments than this is left out. */
  private static final int MAX_SEGMENTS = 127;

  /** What a branch or a leaf takes beside its texts. */
  private static final int NODE = 200;

  /** The most of a key that a message repeats. */
  private static final int MAX_QUOTED = 100;

  /** What the tree has to know of its values. */
  interface Kind<T> {
    /** Whether this may be left out where something else is. */
    boolean isEmpty(T value);

    /** How many bytes {@link #write} writes. */
    long length(T value);

    /** Writes a value as JSON. */
    void write(ByteWriter out, T value);
  }

  /** Which of several values a single place takes. */
  enum Pick {
    FIRST,
    LAST
  }

  /** A branch, or a leaf with one value or a list of them. */
  private sealed interface Node<T> {}

  private record Branch<T>(TreeMap<String, Node<T>> children) implements Node<T> {}

  private record Leaf<T>(List<T> values, boolean list) implements Node<T> {}

  private final Kind<T> kind;
  private final Pick pick;
  private final FormMemory memory;
  private final Branch<T> root = new Branch<>(new TreeMap<>());

  /**
   * An empty tree.
   *
   * @param memory what branches and leaves are counted by: two bytes of a name can make a branch
   */
  FormTree(Kind<T> kind, Pick pick, FormMemory memory) {
    this.kind = kind;
    this.pick = pick;
    this.memory = memory;
  }

  /**
   * Puts values at the place that a name tells.
   *
   * @throws HttpFault when something else is there, or the tree is too large
   */
  void put(String name, List<T> values) throws HttpFault {
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
    putLeaf(at, path.get(last), leaf);
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
    memory.hold(NODE);
    Branch<T> made = new Branch<>(new TreeMap<>());
    at.children.put(key, made);
    return made;
  }

  private void putLeaf(Branch<T> at, String key, Leaf<T> leaf) throws HttpFault {
    Node<T> there = at.children.get(key);
    if (there != null && isEmpty(leaf)) {
      return;
    }
    if (there instanceof Branch<T>) {
      throw conflict(key);
    }
    memory.hold(NODE);
    at.children.put(key, leaf);
  }

  private boolean isEmpty(Leaf<T> leaf) {
    return leaf.values.stream().allMatch(kind::isEmpty);
  }

  private static HttpFault conflict(String key) {
    String bytes = key.length() > MAX_QUOTED ? key.substring(0, MAX_QUOTED) + "..." : key;
    String text = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return new HttpFault(400, "invalid multiple values to key '" + text + "' in tree");
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

  /**
   * The tree as a JSON object, whose size is known before a byte of it is written.
   *
   * @throws HttpFault when it would be too large
   */
  byte[] json() throws HttpFault {
    long length = length(root);
    memory.json(length);
    ByteWriter out = new ByteWriter(Math.toIntExact(length));
    write(out, root);
    return out.finish();
  }

  private long length(Node<T> node) {
    long length;
    switch (node) {
      case Branch<T> branch -> {
        length = around(branch.children.size());
        for (Map.Entry<String, Node<T>> child : branch.children.entrySet()) {
          length += JsonText.length(child.getKey()) + 1 + length(child.getValue());
        }
      }
      case Leaf<T> leaf when leaf.list -> {
        length = around(leaf.values.size());
        for (T item : leaf.values) {
          length += kind.length(item);
        }
      }
      case Leaf<T> leaf -> length = kind.length(leaf.values.getFirst());
    }
    return length;
  }

  /** Two brackets, and the commas between. */
  private static long around(int items) {
    return 2 + Math.max(0, items - 1);
  }

  private void write(ByteWriter out, Node<T> node) {
    switch (node) {
      case Branch<T> branch -> {
        char before = '{';
        for (Map.Entry<String, Node<T>> child : branch.children.entrySet()) {
          JsonText.write(out.put(before), child.getKey());
          write(out.put(':'), child.getValue());
          before = ',';
        }
        end(out, before, '{').put('}');
      }
      case Leaf<T> leaf when leaf.list -> {
        char before = '[';
        for (T item : leaf.values) {
          kind.write(out.put(before), item);
          before = ',';
        }
        end(out, before, '[').put(']');
      }
      case Leaf<T> leaf -> kind.write(out, leaf.values.getFirst());
    }
  }

  /** Writes the opening bracket of an empty list or object, which no item has written. */
  private static ByteWriter end(ByteWriter out, char before, char open) {
    return before == open ? out.put(open) : out;
  }
}
