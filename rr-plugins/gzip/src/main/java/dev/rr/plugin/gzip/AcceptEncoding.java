package dev.rr.plugin.gzip;

import java.util.List;
import java.util.Locale;

/** Reads {@code Accept-Encoding} (RFC 9110, section 12.5.3). */
final class AcceptEncoding {
  private AcceptEncoding() {}

  /** Whether a client with these header lines takes {@code coding}. No line at all means no. */
  static boolean accepts(List<String> lines, String coding) {
    boolean any = false;
    for (String line : lines) {
      for (String item : line.split(",")) {
        String[] parts = item.strip().toLowerCase(Locale.ROOT).split(";", -1);
        String name = parts[0].strip();
        if (name.equals(coding)) {
          return weight(parts) > 0;
        }
        any |= name.equals("*") && weight(parts) > 0;
      }
    }
    return any;
  }

  private static double weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2).strip());
        } catch (NumberFormatException e) {
          return 0;
        }
      }
    }
    return 1;
  }
}
