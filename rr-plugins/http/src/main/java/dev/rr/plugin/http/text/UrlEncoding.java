package dev.rr.plugin.http.text;

import dev.rr.http.Targets;
import org.jspecify.annotations.Nullable;

/** Escapes as queries have them. */
public final class UrlEncoding {
  private UrlEncoding() {}

  /** Resolves {@code +} and {@code %41} in a byte string; null when an escape is malformed. */
  public static @Nullable String decode(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
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
        out.append((char) (high << 4 | low));
        i += 2;
      } else {
        out.append(c == '+' ? ' ' : c);
      }
    }
    return out.toString();
  }
}
