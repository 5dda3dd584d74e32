package dev.rr.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON document from bytes into null, {@code Boolean}, {@code Long}, {@code Double},
 * {@code String}, {@code List} and {@link FoldingMap}, with the texts of Go's decoder for what is
 * wrong. Invalid UTF-8 and lone surrogates become U+FFFD, as there. One thread.
 */
public final class JsonReader {
  /** Go allows 10,000, which would not fit every stack here. */
  private static final int MAX_DEPTH = 1_000;

  /** No number has more digits than these by accident; the text of longer ones is counted. */
  private static final int MAX_DIGITS = 64;

  private final byte[] in;
  private final int end;
  private final DecodedSize size;
  private int at;
  private int depth;

  private JsonReader(byte[] in, int from, LongConsumer size) {
    this.in = in;
    this.end = in.length;
    this.at = from;
    this.size = new DecodedSize(size);
  }

  /**
   * Reads the document that fills {@code in} from {@code from} on.
   *
   * @throws IllegalArgumentException when it is not JSON
   */
  public static @Nullable Object read(byte[] in, int from) {
    return read(in, from, DecodedSize.UNCOUNTED);
  }

  /**
   * As {@link #read(byte[], int)}.
   *
   * @param size is told how many bytes the values take, in steps and before they are made; throws
   *     when they are too many
   */
  public static @Nullable Object read(byte[] in, int from, LongConsumer size) {
    JsonReader reader = new JsonReader(in, from, size);
    Object value = reader.value();
    reader.space();
    if (reader.at < reader.end) {
      throw reader.unexpected("after top-level value");
    }
    return value;
  }

  private @Nullable Object value() {
    space();
    if (at == end) {
      throw cut();
    }
    return switch (in[at]) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> literal("true", Boolean.TRUE);
      case 'f' -> literal("false", Boolean.FALSE);
      case 'n' -> literal("null", null);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw unexpected("looking for beginning of value");
    };
  }

  private void space() {
    while (at < end && (in[at] == ' ' || in[at] == '\n' || in[at] == '\t' || in[at] == '\r')) {
      at++;
    }
  }

  private void descend() {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException("exceeded max depth");
    }
    at++;
    space();
  }

  private FoldingMap object() {
    descend();
    size.map();
    FoldingMap out = new FoldingMap();
    if (!closes('}')) {
      do {
        space();
        if (at == end || in[at] != '"') {
          throw unexpected("looking for beginning of object key string");
        }
        String key = string();
        space();
        expect(':', "after object key");
        size.entry();
        out.put(key, value());
        space();
      } while (goesOn('}', "after object key:value pair"));
    }
    depth--;
    return out;
  }

  private List<@Nullable Object> array() {
    descend();
    size.list();
    List<@Nullable Object> out = new ArrayList<>();
    if (!closes(']')) {
      do {
        size.element();
        out.add(value());
        space();
      } while (goesOn(']', "after array element"));
    }
    depth--;
    return out;
  }

  private boolean closes(char close) {
    if (at < end && in[at] == close) {
      at++;
      return true;
    }
    return false;
  }

  private boolean goesOn(char close, String where) {
    if (closes(close)) {
      return false;
    }
    expect(',', where);
    return true;
  }

  private void expect(char wanted, String where) {
    if (at == end || in[at] != wanted) {
      throw unexpected(where);
    }
    at++;
  }

  private @Nullable Object literal(String word, @Nullable Object value) {
    for (int i = 0; i < word.length(); i++, at++) {
      if (at == end || in[at] != word.charAt(i)) {
        throw unexpected("in literal " + word + " (expecting '" + word.charAt(i) + "')");
      }
    }
    return value;
  }

  private Object number() {
    final int from = at;
    if (in[at] == '-') {
      at++;
    }
    if (at < end && in[at] == '0') {
      at++;
    } else {
      digits("in numeric literal");
    }
    boolean whole = true;
    if (at < end && in[at] == '.') {
      whole = false;
      at++;
      digits("after decimal point in numeric literal");
    }
    if (at < end && (in[at] | 0x20) == 'e') {
      whole = false;
      at++;
      if (at < end && (in[at] == '+' || in[at] == '-')) {
        at++;
      }
      digits("in exponent of numeric literal");
    }
    if (at - from > MAX_DIGITS) {
      size.text(4L * (at - from));
    }
    size.number();
    return number(new String(in, from, at - from, StandardCharsets.ISO_8859_1), whole);
  }

  private void digits(String where) {
    int from = at;
    while (at < end && in[at] >= '0' && in[at] <= '9') {
      at++;
    }
    if (at == from) {
      throw unexpected(where);
    }
  }

  private static Object number(String text, boolean whole) {
    if (whole) {
      try {
        return Long.valueOf(text);
      } catch (NumberFormatException beyondLong) {
        return Double.valueOf(text);
      }
    }
    return Double.valueOf(text);
  }

  private String string() {
    int from = ++at;
    boolean plain = true;
    int bits = 0;
    while (at < end && in[at] != '"') {
      bits |= in[at];
      if (in[at] >= 0 && in[at] < 0x20) {
        throw unexpected("in string literal");
      }
      if (in[at] == '\\') {
        plain = false;
        at++;
      }
      at++;
    }
    if (at >= end) {
      at = end;
      throw cut();
    }
    // Characters beyond ASCII may make each take two bytes; unescaping needs two copies more.
    size.text((at - from) * (bits < 0 ? 2L : 1L) * (plain ? 1 : 3));
    String text = new String(in, from, at - from, StandardCharsets.UTF_8);
    at++;
    return plain ? text : unescape(text);
  }

  private static String unescape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char escape = text.charAt(++i);
      if (escape == 'u') {
        out.append(unit(text, i + 1));
        i += 4;
      } else {
        out.append(simple(escape));
      }
    }
    return mendSurrogates(out);
  }

  private static char simple(char escape) {
    return switch (escape) {
      case '"', '\\', '/' -> escape;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default ->
          throw new IllegalArgumentException(
              "invalid character " + quote(escape) + " in string escape code");
    };
  }

  private static char unit(String text, int from) {
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      char c = i < text.length() ? text.charAt(i) : '"';
      // Character.digit would take digits of other scripts.
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw new IllegalArgumentException(
            "invalid character " + quote(c) + " in \\u hexadecimal character escape");
      }
      value = value << 4 | digit;
    }
    return (char) value;
  }

  private static String mendSurrogates(StringBuilder text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        text.setCharAt(i, '\ufffd');
      }
    }
    return text.toString();
  }

  private static IllegalArgumentException cut() {
    return new IllegalArgumentException("unexpected end of JSON input");
  }

  private IllegalArgumentException unexpected(String where) {
    if (at >= end) {
      return cut();
    }
    return new IllegalArgumentException(
        "invalid character " + quote((char) (in[at] & 0xff)) + " " + where);
  }

  private static String quote(char c) {
    return c == '\'' ? "'\\''" : c < 0x20 ? String.format("'\\x%02x'", (int) c) : "'" + c + "'";
  }
}
