package dev.rr.cli.config;

import dev.rr.api.config.EffectiveValue;
import dev.rr.api.config.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes what is in force as YAML that could be a configuration again, with the source of each
 * value as a comment. One use.
 */
final class ValuesAsYaml {
  /** Text that every reader takes for the same text without quotes. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z_./][A-Za-z0-9_./@%+-]*( [A-Za-z0-9_./@%+=-]+)*");

  private static final Set<String> WORDS =
      Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n", "t", "f");

  /** Comments stand no further right than this, however long a value is. */
  private static final int WIDEST = 48;

  /** A line and what is said about it; nothing about a key that only holds others. */
  private record Line(String text, String source) {}

  private final List<Line> lines = new ArrayList<>();

  ValuesAsYaml(List<EffectiveValue> values) {
    List<String> open = List.of();
    for (EffectiveValue value : values) {
      List<String> parents = value.key().subList(0, value.key().size() - 1);
      for (int depth = common(open, parents); depth < parents.size(); depth++) {
        lines.add(new Line("  ".repeat(depth) + scalar(parents.get(depth)) + ":", ""));
      }
      open = parents;
      String key = "  ".repeat(parents.size()) + scalar(value.key().getLast());
      lines.add(new Line(key + ": " + text(value.value()), source(value)));
    }
  }

  String text() {
    int width =
        lines.stream()
            .filter(line -> !line.source.isEmpty())
            .mapToInt(line -> line.text.length())
            .filter(length -> length <= WIDEST)
            .max()
            .orElse(0);
    StringBuilder out = new StringBuilder();
    for (Line line : lines) {
      out.append(line.text);
      if (!line.source.isEmpty()) {
        out.repeat(' ', Math.max(0, width - line.text.length())).append("  # ").append(line.source);
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static int common(List<String> a, List<String> b) {
    int common = 0;
    while (common < Math.min(a.size(), b.size()) && a.get(common).equals(b.get(common))) {
      common++;
    }
    return common;
  }

  private static String source(EffectiveValue value) {
    return switch (value.source()) {
      case DEFAULT -> "default";
      case OVERRIDE -> "-o " + value.place().path();
      case FILE -> place(value.place());
      case VARIABLE -> place(value.place()) + ", from " + String.join(", ", value.variables());
    };
  }

  private static String place(Problem.Place place) {
    Path name = place.file() == null ? null : place.file().getFileName();
    return name + (place.line() > 0 ? ":" + place.line() : "");
  }

  private static String text(Object value) {
    return switch (value) {
      case List<?> list ->
          list.stream().map(ValuesAsYaml::text).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> scalar(String.valueOf(e.getKey())) + ": " + text(e.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case String text -> scalar(text);
      default -> value.toString();
    };
  }

  /** Text that is read back as itself; numbers and words that mean something else have quotes. */
  private static String scalar(String text) {
    return PLAIN.matcher(text).matches()
            && !WORDS.contains(text.toLowerCase(Locale.ROOT))
            && !text.startsWith(".")
        ? text
        : quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (Character.isISOControl(c)) {
            out.append("\\x").append(String.format("%02x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
