package dev.rr.http;

import org.jspecify.annotations.Nullable;

/** Escapes as targets have them (RFC 3986, section 2.1). Any thread. */
public final class PercentEncoding {
  private PercentEncoding() {}

  /** Resolves {@code %41} in a byte string, to a byte string; null when an escape is malformed. */
  public static @Nullable String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 1 < text.length() ? Targets.hex(text.charAt(i + 1)) : -1;
        int low = i + 2 < text.length() ? Targets.hex(text.charAt(i + 2)) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        c = (char) (high << 4 | low);
        i += 2;
      }
      out.append(c);
    }
    return out.toString();
  }
}
