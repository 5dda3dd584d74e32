package dev.rr.plugin.http.text;

import dev.rr.http.Targets;
import java.nio.charset.StandardCharsets;

/**
 * Byte strings as JSON texts. JSON has no way to carry bytes that are no UTF-8: {@link #write}
 * replaces them, {@link #string} takes them for another encoding.
 */
public final class JsonText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

  private JsonText() {}

  /** How many bytes {@link #write} writes. */
  public static long length(String text) {
    long length = 2;
    int at = 0;
    while (at < text.length()) {
      int bytes = sequence(text, at);
      if (bytes == 0) {
        length += REPLACEMENT.length;
        at++;
      } else {
        length += bytes == 1 ? escaped(text.charAt(at)) : bytes;
        at += bytes;
      }
    }
    return length;
  }

  private static int escaped(char c) {
    if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t') {
      return 2;
    }
    return c < 0x20 ? 6 : 1;
  }

  /**
   * Writes a text of a form. Each byte that belongs to no UTF-8 becomes U+FFFD, as in Go. Works in
   * place: a value may be as large as a form.
   */
  public static void write(ByteWriter out, String text) {
    out.put('"');
    int plain = 0;
    int at = 0;
    while (at < text.length()) {
      int bytes = sequence(text, at);
      char c = text.charAt(at);
      if (bytes > 1 || bytes == 1 && escaped(c) == 1) {
        at += bytes;
        continue;
      }
      out.bytes(text, plain, at);
      if (bytes == 0) {
        out.put(REPLACEMENT);
      } else {
        escape(out, c);
      }
      plain = ++at;
    }
    out.bytes(text, plain, at).put('"');
  }

  /** How many bytes the character has that begins here; 0 when none does. */
  private static int sequence(String text, int at) {
    char lead = text.charAt(at);
    if (lead < 0x80) {
      return 1;
    }
    int count = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || at + count > text.length()) {
      return 0;
    }
    // No longer forms than needed, no surrogates, nothing past U+10FFFF.
    int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    char second = text.charAt(at + 1);
    if (second < low || second > high) {
      return 0;
    }
    for (int i = at + 2; i < at + count; i++) {
      if ((text.charAt(i) & 0xffc0) != 0x80) {
        return 0;
      }
    }
    return count;
  }

  /** Writes a text of a head. One that is no UTF-8 as a whole is taken for ISO-8859-1. */
  public static void string(ByteWriter out, String text) {
    if (isPlain(text)) {
      out.put('"').text(text).put('"');
      return;
    }
    out.put('"');
    boolean utf8 = Targets.isUtf8(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\') {
        escape(out, c);
      } else if (c < 0x80 || utf8 && c <= 0xff) {
        out.put(c);
      } else if (c <= 0xff) {
        out.put(0xc0 | c >> 6).put(0x80 | c & 0x3f);
      } else {
        int end = Character.isHighSurrogate(c) && i + 1 < text.length() ? i + 2 : i + 1;
        out.put(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end - 1;
      }
    }
    out.put('"');
  }

  private static void escape(ByteWriter out, char c) {
    out.put('\\');
    switch (c) {
      case '"', '\\' -> out.put(c);
      case '\n' -> out.put('n');
      case '\r' -> out.put('r');
      case '\t' -> out.put('t');
      default -> out.put('u').put('0').put('0').put(HEX[c >> 4]).put(HEX[c & 15]);
    }
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }
}
