package dev.rr.plugin.http.worker;

import dev.rr.http.HeaderNames;
import dev.rr.http.Targets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Scans JSON in bytes without building a tree: whoever knows what should come asks for it. Texts
 * come out as byte strings: UTF-8 bytes, a character each. One thread.
 *
 * <p>It is lenient where a worker's mistake is harmless, and never reads past the end or recurses
 * deeper than {@value #MAX_DEPTH}: what workers send is not trusted to be JSON. All methods throw
 * {@link IllegalArgumentException} with the position where it is none.
 */
final class JsonScanner {
  private static final int MAX_DEPTH = 64;

  private final byte[] bytes;
  private final int begin;
  private final int end;
  private int at;

  /** How deep {@link #skip} is in lists and objects. */
  private int depth;

  /** Scans a text whose bytes do not change meanwhile. */
  JsonScanner(ByteBuffer text) {
    this.bytes = text.array();
    this.begin = text.arrayOffset() + text.position();
    this.end = begin + text.remaining();
    this.at = begin;
  }

  /** A text that is the name of a header, in canonical spelling; known ones cost nothing. */
  String headerName() {
    space();
    // Up to the next quote there is no escape in a name that is known.
    int start = at + 1;
    for (int i = start; i < end; i++) {
      if (bytes[i] == '"') {
        String name = HeaderNames.of(bytes, start, i);
        if (name == null) {
          break;
        }
        at = i + 1;
        return name;
      }
    }
    return HeaderNames.canonical(string());
  }

  /** A value that is neither list nor object, as text. */
  String scalar() {
    int c = peek();
    if (c == '"') {
      return string();
    }
    int start = at;
    skip();
    String text = new String(bytes, start, at - start, StandardCharsets.ISO_8859_1);
    return text.equals("null") ? "" : text;
  }

  /** A whole number; a fraction is cut off. */
  long integer() {
    String text = scalar();
    try {
      int dot = text.indexOf('.');
      return Long.parseLong(dot < 0 ? text : text.substring(0, dot));
    } catch (NumberFormatException e) {
      throw malformed();
    }
  }

  /** A text. */
  String string() {
    expect('"');
    int start = at;
    while (at < end) {
      byte b = bytes[at];
      if (b == '"') {
        return new String(bytes, start, at++ - start, StandardCharsets.ISO_8859_1);
      }
      if (b == '\\') {
        return escaped(start);
      }
      at++;
    }
    throw malformed();
  }

  /** The rest of a text from its first escape on; {@code at} is at the backslash. */
  private String escaped(int start) {
    StringBuilder out = new StringBuilder();
    out.append(new String(bytes, start, at - start, StandardCharsets.ISO_8859_1));
    while (true) {
      int b = next();
      if (b == '"') {
        return out.toString();
      }
      if (b != '\\') {
        out.append((char) b);
        continue;
      }
      int c = next();
      switch (c) {
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'u' -> unicode(out);
        default -> out.append((char) c);
      }
    }
  }

  /** A character by its number, perhaps half of a pair of surrogates, as its UTF-8 bytes. */
  private void unicode(StringBuilder out) {
    int unit = hex4();
    String text = Character.toString(unit);
    if (Character.isHighSurrogate((char) unit)
        && at + 1 < end
        && bytes[at] == '\\'
        && bytes[at + 1] == 'u') {
      at += 2;
      text = new String(new char[] {(char) unit, (char) hex4()});
    }
    out.append(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  private int hex4() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Targets.hex((char) next());
      if (digit < 0) {
        throw malformed();
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private int next() {
    if (at == end) {
      throw malformed();
    }
    return bytes[at++] & 0xff;
  }

  /** Skips a value of any kind. */
  void skip() {
    if (++depth > MAX_DEPTH) {
      throw malformed();
    }
    switch (peek()) {
      case '"' -> {
        var unused = string();
      }
      case '{' -> skipAll('}');
      case '[' -> skipAll(']');
      default -> {
        int start = at;
        while (at < end && ",]} \t\r\n".indexOf(bytes[at]) < 0) {
          at++;
        }
        if (at == start) {
          throw malformed();
        }
      }
    }
    depth--;
  }

  private void skipAll(char closing) {
    at++;
    if (accept(closing)) {
      return;
    }
    do {
      if (closing == '}') {
        var unused = string();
        expect(':');
      }
      skip();
    } while (accept(','));
    expect(closing);
  }

  /** Takes {@code c} when it comes next. */
  boolean accept(char c) {
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  /** Takes {@code c}, which has to come next. */
  void expect(char c) {
    if (!accept(c)) {
      throw malformed();
    }
  }

  /** The next byte that is no space, or -1. */
  int peek() {
    space();
    return at < end ? bytes[at] & 0xff : -1;
  }

  private void space() {
    while (at < end && bytes[at] <= ' ' && bytes[at] >= 0) {
      at++;
    }
  }

  private IllegalArgumentException malformed() {
    return new IllegalArgumentException("malformed JSON at byte " + (at - begin));
  }
}
