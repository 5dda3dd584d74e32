package dev.rr.plugin.config;

import dev.rr.api.config.Problem;
import dev.rr.plugin.config.Node.Entry;
import dev.rr.plugin.config.Node.Kind;
import dev.rr.plugin.config.Node.Mapping;
import dev.rr.plugin.config.Node.Scalar;
import dev.rr.plugin.config.Node.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Replaces {@code $NAME}, {@code ${NAME}} and {@code ${NAME:-default}}. The rules, odd ones
 * included, are those that deployed files were written against. One thread.
 */
final class Expansion {
  private static final String DEFAULT = ":-";
  private static final String SPECIAL = "*#$@!?-0123456789";

  private final Map<String, String> environment;
  private final List<Problem> warnings = new ArrayList<>();

  Expansion(Map<String, String> environment) {
    this.environment = environment;
  }

  /** What was dropped so far. */
  List<Problem> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * Expands every text of a tree that is a map's value or a direct element of a list there. Maps
   * inside of lists stay as they are, and a list that has texts keeps nothing but those.
   */
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
      case Scalar s -> expand(s);
    };
  }

  private Sequence expand(Sequence sequence, String path) {
    List<Node> texts = new ArrayList<>();
    for (Node item : sequence.items()) {
      if (item instanceof Scalar s && s.kind() == Kind.STRING) {
        texts.add(expand(s));
      }
    }
    if (texts.isEmpty() || texts.size() == sequence.items().size()) {
      return texts.isEmpty() ? sequence : new Sequence(texts, sequence.file(), sequence.line());
    }
    for (Node item : sequence.items()) {
      if (!(item instanceof Scalar s && s.kind() == Kind.STRING)) {
        String shown = item instanceof Scalar s ? Secrets.shown(s.text()) : "an entry";
        warnings.add(
            new Problem(
                new Problem.Place(item.file(), item.line(), path),
                shown + " is dropped: a list with texts in it keeps nothing else; quote it"));
      }
    }
    return new Sequence(texts, sequence.file(), sequence.line());
  }

  Scalar expand(Scalar scalar) {
    return scalar.kind() == Kind.STRING ? scalar.expanded(expand(scalar.text())) : scalar;
  }

  /** Expands one text. */
  String expand(String text) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    // Whether a default is looked for is decided for the whole text, not for each reference.
    boolean defaults = text.contains(DEFAULT);
    StringBuilder out = new StringBuilder(text.length() * 2);
    int copied = 0;
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) != '$' || at + 1 >= text.length()) {
        continue;
      }
      out.append(text, copied, at);
      Name name = nameAt(text, at + 1);
      if (name.text.isEmpty()) {
        // Nothing that could be a name: the dollar stays; a broken brace is dropped with it.
        out.append(name.width == 0 ? "$" : "");
      } else if (!defaults) {
        out.append(lookup(name.text));
      } else {
        int colon = name.text.indexOf(DEFAULT);
        if (colon < 0 || name.text.indexOf(DEFAULT, colon + 2) >= 0) {
          return "";
        }
        String value = lookup(name.text.substring(0, colon));
        out.append(value.isEmpty() ? name.text.substring(colon + 2) : value);
      }
      at += name.width;
      copied = at + 1;
    }
    return out.append(text, Math.min(copied, text.length()), text.length()).toString();
  }

  private String lookup(String name) {
    return environment.getOrDefault(name, "");
  }

  private record Name(String text, int width) {}

  private static Name nameAt(String text, int at) {
    char first = text.charAt(at);
    if (first == '{') {
      int close = text.indexOf('}', at + 1);
      if (close < 0) {
        return new Name("", 1);
      }
      return new Name(text.substring(at + 1, close), close - at + 1);
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

  private static boolean isNamePart(char c) {
    return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }
}
