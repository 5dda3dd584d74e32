package dev.rr.cli.config;

import dev.rr.json.JsonWriter;
import java.nio.charset.StandardCharsets;

/** Writes JSON for people: an entry a line. Stateless. */
final class IndentedJson {
  private IndentedJson() {}

  /** The value and a line end; empty lists and maps stay in one line. */
  static String of(Object value) {
    String compact = new String(JsonWriter.write(value), StandardCharsets.UTF_8);
    StringBuilder out = new StringBuilder(compact.length() * 2);
    int depth = 0;
    for (int i = 0; i < compact.length(); i++) {
      char c = compact.charAt(i);
      switch (c) {
        case '"' -> {
          int end = endOfText(compact, i);
          out.append(compact, i, end + 1);
          i = end;
        }
        case '{', '[' -> {
          boolean empty = "}]".indexOf(compact.charAt(i + 1)) >= 0;
          out.append(c);
          depth += empty ? 0 : 1;
          if (empty) {
            out.append(compact.charAt(++i));
          } else {
            line(out, depth);
          }
        }
        case '}', ']' -> {
          depth--;
          line(out, depth);
          out.append(c);
        }
        case ',' -> {
          out.append(c);
          line(out, depth);
        }
        case ':' -> out.append(": ");
        default -> out.append(c);
      }
    }
    return out.append('\n').toString();
  }

  private static int endOfText(String json, int start) {
    int at = start + 1;
    while (json.charAt(at) != '"') {
      at += json.charAt(at) == '\\' ? 2 : 1;
    }
    return at;
  }

  private static void line(StringBuilder out, int depth) {
    out.append('\n').repeat("  ", depth);
  }
}
