package dev.rr.plugin.http.worker;

import dev.rr.http.HeaderNames;
import dev.rr.http.Targets;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON from bytes without building a tree. Texts come out as byte strings: UTF-8 bytes, a
 * character each. One thread.
 */
final class JsonScanner {
  private static final int MAX_DEPTH = 64;

  private final byte[] bytes;
  private int at;
  private int depth;

  JsonScanner(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Reads {@code {"status":200,"headers":{"name":["value"]}}}; other keys are skipped. */
  void response(WorkerAnswer.Builder answer) {
    expect('{');
    if (accept('}')) {
      return;
    }
    do {
      String key = string();
      expect(':');
      switch (key) {
        case "status" -> answer.status(integer());
        case "headers" -> headers(answer);
        default -> skip();
      }
    } while (accept(','));
    expect('}');
  }

  private void headers(WorkerAnswer.Builder answer) {
    if (peek() != '{') {
      // PHP writes an empty map as an empty list.
      skip();
      return;
    }
    expect('{');
    if (accept('}')) {
      return;
    }
    do {
      String name = headerName();
      expect(':');
      if (!accept('[')) {
        answer.field(name, scalar());
      } else if (!accept(']')) {
        do {
          answer.field(name, scalar());
        } while (accept(','));
        expect(']');
      }
    } while (accept(','));
    expect('}');
  }

  private String headerName() {
    space();
    int start = at + 1;
    for (int i = start; i < bytes.length; i++) {
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
    while (at < bytes.length) {
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

  private void unicode(StringBuilder out) {
    int unit = hex4();
    String text = Character.toString(unit);
    if (Character.isHighSurrogate((char) unit)
        && at + 1 < bytes.length
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
    if (at == bytes.length) {
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
        while (at < bytes.length && ",]} \t\r\n".indexOf(bytes[at]) < 0) {
          at++;
        }
        if (at == start) {
          throw malformed();
        }
      }
    }
    depth--;
  }

  private void skipAll(char end) {
    at++;
    if (accept(end)) {
      return;
    }
    do {
      if (end == '}') {
        var unused = string();
        expect(':');
      }
      skip();
    } while (accept(','));
    expect(end);
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
    return at < bytes.length ? bytes[at] & 0xff : -1;
  }

  private void space() {
    while (at < bytes.length && bytes[at] <= ' ' && bytes[at] >= 0) {
      at++;
    }
  }

  private IllegalArgumentException malformed() {
    return new IllegalArgumentException("malformed JSON at byte " + at);
  }
}
