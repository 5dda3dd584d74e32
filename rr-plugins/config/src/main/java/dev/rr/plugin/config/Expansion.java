package dev.rr.plugin.config;

import dev.rr.api.config.Problem;
import dev.rr.config.Node;
import dev.rr.config.Node.Entry;
import dev.rr.config.Node.Kind;
import dev.rr.config.Node.Mapping;
import dev.rr.config.Node.Scalar;
import dev.rr.config.Node.Sequence;
import dev.rr.config.Secrets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Replaces {@code $NAME}, {@code ${NAME}} and {@code ${NAME:-default}} in every text of a tree,
 * each reference for itself. A default may hold references of its own. One thread.
 *
 * <p>The syntax is that of Go's {@code os.Expand}, of which upstream has a copy with defaults
 * added. That copy looks for {@code :-} in the whole text, so one default empties the other
 * references; here each is looked at alone (docs/differences.md). What it does with broken
 * references is kept. There is no escape for a dollar, as upstream has none; what a variable holds
 * is not expanded again, so passwords may have them.
 *
 * <p>Only values are expanded, never keys, and the result stays text: what it is a number of is
 * told when somebody decodes it.
 */
final class Expansion {
  /** As in a shell: the default is taken when the variable is unset or empty. */
  private static final String DEFAULT = ":-";

  /** How deep defaults may stand in defaults; what is deeper stays as it is written. */
  private static final int MAX_DEPTH = 16;

  /** The shell's special parameters, one character each, as in Go. Hardly ever set, so empty. */
  private static final String SPECIAL = "*#$@!?-0123456789";

  private static final Problem.Place NOWHERE = new Problem.Place(null, 0, "");

  private final Map<String, String> environment;
  private final List<Problem> warnings = new ArrayList<>();

  /** Where the text stands that is expanded. */
  private Problem.Place at = NOWHERE;

  Expansion(Map<String, String> environment) {
    this.environment = environment;
  }

  /** What was dropped so far, and what hardly means what it says. */
  List<Problem> warnings() {
    return List.copyOf(warnings);
  }

  /** Expands every text of a tree. A list that has texts and other scalars keeps the texts only. */
  Mapping expand(Mapping mapping) {
    return expand(mapping, "");
  }

  private Mapping expand(Mapping mapping, String path) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    String prefix = path.isEmpty() ? "" : path + ".";
    mapping
        .entries()
        .forEach((key, e) -> entries.put(key, e.with(expand(e.value(), prefix + key))));
    return new Mapping(entries, mapping.file(), mapping.line());
  }

  private Node expand(Node node, String path) {
    return switch (node) {
      case Mapping m -> expand(m, path);
      case Sequence s -> expand(s, path);
      case Scalar s -> {
        at = new Problem.Place(s.file(), s.line(), path);
        yield expand(s);
      }
    };
  }

  /**
   * A list. That texts push other values out is upstream's: it collects the expanded texts and sets
   * the list to them. Deployed files may rely on it, so it stays, with a warning.
   */
  private Sequence expand(Sequence sequence, String path) {
    boolean texts = sequence.items().stream().anyMatch(Expansion::isText);
    List<Node> kept = new ArrayList<>();
    for (Node item : sequence.items()) {
      if (!texts || isText(item)) {
        kept.add(expand(item, path));
      } else {
        dropped(item, path);
      }
    }
    return new Sequence(kept, sequence.file(), sequence.line());
  }

  private static boolean isText(Node node) {
    return node instanceof Scalar s && s.kind() == Kind.STRING;
  }

  private void dropped(Node item, String path) {
    String shown = item instanceof Scalar s ? Secrets.shown(s.text()) : "an entry";
    warnings.add(
        new Problem(
            new Problem.Place(item.file(), item.line(), path),
            shown + " is dropped: a list with texts in it keeps nothing else; quote it"));
  }

  /** Numbers, booleans and nulls have no dollar in them; what has one was read as text. */
  Scalar expand(Scalar scalar) {
    return scalar.kind() == Kind.STRING ? scalar.expanded(expand(scalar.text(), 0)) : scalar;
  }

  /** Expands one text, which stands in no file. */
  String expand(String text) {
    at = NOWHERE;
    return expand(text, 0);
  }

  private String expand(String text, int depth) {
    if (text.indexOf('$') < 0 || depth > MAX_DEPTH) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() * 2);
    int copied = 0;
    for (int at = text.indexOf('$'); at >= 0; at = text.indexOf('$', copied)) {
      out.append(text, copied, at);
      Name name = nameAt(text, at + 1);
      if (name.text.isEmpty()) {
        // Nothing that could be a name: the dollar stays; a broken brace is dropped with it.
        out.append(name.width == 0 ? "$" : "");
      } else {
        out.append(value(name.text, depth));
      }
      copied = at + 1 + name.width;
    }
    return out.append(text, copied, text.length()).toString();
  }

  /**
   * What a reference stands for: unset is empty, as in upstream, not an error. Without {@code :-}
   * the whole name is looked up, whatever characters it has.
   */
  private String value(String name, int depth) {
    int colon = name.indexOf(DEFAULT);
    if (colon < 0) {
      String value = environment.get(name);
      if (value == null && name.indexOf(':') > 0) {
        warnings.add(new Problem(at, notDefault(name)));
      }
      return value == null ? "" : value;
    }
    String value = environment.getOrDefault(name.substring(0, colon), "");
    return value.isEmpty() ? expand(name.substring(colon + DEFAULT.length()), depth + 1) : value;
  }

  private static String notDefault(String name) {
    return "${"
        + Secrets.shown(name)
        + "} is empty, as no variable has such a name; a default is written ${"
        + Secrets.shown(name.replaceFirst(":", DEFAULT))
        + "}";
  }

  /**
   * What follows a dollar.
   *
   * @param text the name, with its default; empty when there is none
   * @param width how many characters it takes with its braces; not 0 beside an empty name when it
   *     is a broken brace
   */
  private record Name(String text, int width) {}

  private static Name nameAt(String text, int at) {
    if (at == text.length()) {
      return new Name("", 0);
    }
    char first = text.charAt(at);
    if (first == '{') {
      int close = close(text, at + 1);
      return close < 0 ? new Name("", 1) : new Name(text.substring(at + 1, close), close - at + 1);
    }
    if (SPECIAL.indexOf(first) >= 0) {
      return new Name(text.substring(at, at + 1), 1);
    }
    int end = at;
    while (end < text.length() && isNamePart(text.charAt(end))) {
      end++;
    }
    return new Name(text.substring(at, end), end - at);
  }

  /** The brace that closes the reference whose name begins at {@code from}; -1 for none. */
  private static int close(String text, int from) {
    int open = 1;
    for (int at = from; at < text.length(); at++) {
      if (text.startsWith("${", at)) {
        open++;
      } else if (text.charAt(at) == '}' && --open == 0) {
        return at;
      }
    }
    return -1;
  }

  /** ASCII only, as in Go: a letter with an umlaut ends a name that has no braces. */
  private static boolean isNamePart(char c) {
    return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }
}
