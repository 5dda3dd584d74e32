package dev.rr.plugin.http;

/**
 * Byte strings of forms as JSON texts. Each byte that belongs to no UTF-8 becomes U+FFFD, as in Go.
 * Works in place: a value may be as large as a form.
 */
final class JsonText {
  private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

  private JsonText() {}

  /** How many bytes {@link #write} writes. */
  static long length(String text) {
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

  static void write(ByteWriter out, String text) {
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
        JsonContext.escape(out, c);
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
}
