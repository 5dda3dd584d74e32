package dev.rr.plugin.logger;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes attribute values. Never throws, whatever a value's {@code toString} does. */
final class LogValues {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_CAUSES = 5;

  private LogValues() {}

  /**
   * A value as JSON.
   *
   * @param spaced with a blank after commas and colons, as the console has it
   */
  static void json(LineBuffer out, @Nullable Object value, boolean spaced) {
    json(out, value, spaced, 0);
  }

  private static void json(LineBuffer out, @Nullable Object value, boolean spaced, int depth) {
    switch (value) {
      case null -> out.text("null");
      case String s -> string(out, s);
      case Long n -> out.number(n);
      case Integer n -> out.number(n);
      case Boolean b -> out.text(b ? "true" : "false");
      case Double d when d.isNaN() || d.isInfinite() -> string(out, d.toString());
      case Float f when f.isNaN() || f.isInfinite() -> string(out, f.toString());
      case Instant t when !spaced -> out.nanos(t);
      case Number n -> out.text(n.toString());
      case Map<?, ?> map when depth < MAX_DEPTH -> map(out, map, spaced, depth);
      case Iterable<?> list when !(list instanceof java.nio.file.Path) && depth < MAX_DEPTH ->
          list(out, list, spaced, depth);
      case Object[] array when depth < MAX_DEPTH ->
          list(out, java.util.Arrays.asList(array), spaced, depth);
      default -> string(out, text(value));
    }
  }

  private static void string(LineBuffer out, String text) {
    out.put('"').json(text).put('"');
  }

  private static void map(LineBuffer out, Map<?, ?> map, boolean spaced, int depth) {
    out.put('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      comma(out, first, spaced);
      first = false;
      string(out, text(entry.getKey()));
      out.put(':');
      if (spaced) {
        out.put(' ');
      }
      json(out, entry.getValue(), spaced, depth + 1);
    }
    out.put('}');
  }

  private static void list(LineBuffer out, Iterable<?> list, boolean spaced, int depth) {
    out.put('[');
    boolean first = true;
    for (Object item : list) {
      comma(out, first, spaced);
      first = false;
      json(out, item, spaced, depth + 1);
    }
    out.put(']');
  }

  static void comma(LineBuffer out, boolean first, boolean spaced) {
    if (!first) {
      out.put(',');
      if (spaced) {
        out.put(' ');
      }
    }
  }

  /** A value as plain text. */
  static String text(@Nullable Object value) {
    try {
      return switch (value) {
        case null -> "null";
        case Throwable t -> message(t);
        case Duration d -> duration(d);
        default -> String.valueOf(value.toString());
      };
    } catch (RuntimeException | StackOverflowError e) {
      return "(" + value.getClass().getName() + ".toString threw " + e.getClass().getName() + ")";
    }
  }

  /** The messages of an error and its causes. */
  static String message(Throwable error) {
    StringBuilder out = new StringBuilder();
    Throwable at = error;
    for (int i = 0; at != null && i < MAX_CAUSES; i++, at = at.getCause()) {
      String said = at.getMessage();
      String text = said == null || said.isBlank() ? at.getClass().getSimpleName() : said;
      if (out.indexOf(text) < 0) {
        out.append(out.isEmpty() ? "" : ": ").append(text);
      }
    }
    return out.toString();
  }

  static String stack(Throwable error) {
    StringWriter out = new StringWriter();
    error.printStackTrace(new PrintWriter(out));
    return out.toString().stripTrailing();
  }

  private static String duration(Duration d) {
    double millis = d.toNanos() / 1e6;
    return millis < 1000 ? millis + "ms" : millis / 1000 + "s";
  }
}
