package dev.rr.plugin.cache;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The directives of {@code Cache-Control} (RFC 9111, section 5.2). Immutable.
 *
 * @param directives by lower-case name; an argument without its quotes, or empty
 */
record CacheControl(Map<String, String> directives) {

  /** Reads header lines. What is malformed is skipped; of a repeated directive the first counts. */
  static CacheControl parse(List<String> lines) {
    Map<String, String> found = new HashMap<>();
    for (String line : lines) {
      int at = 0;
      while (at < line.length()) {
        int end = endOfItem(line, at);
        String item = line.substring(at, end).strip();
        int equals = item.indexOf('=');
        String name = (equals < 0 ? item : item.substring(0, equals)).strip();
        String value = equals < 0 ? "" : item.substring(equals + 1).strip().replace("\"", "");
        if (!name.isEmpty()) {
          found.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
        }
        at = end + 1;
      }
    }
    return new CacheControl(Map.copyOf(found));
  }

  /** The next comma that is not inside quotes, or the end. */
  private static int endOfItem(String line, int from) {
    boolean quoted = false;
    for (int i = from; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        return i;
      }
    }
    return line.length();
  }

  boolean has(String name) {
    return directives.containsKey(name);
  }

  /**
   * Seconds; empty when absent. An argument that is no number counts as 0, the cautious reading.
   */
  OptionalLong seconds(String name) {
    String value = directives.get(name);
    if (value == null) {
      return OptionalLong.empty();
    }
    boolean digits = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits) {
      return OptionalLong.of(0);
    }
    // The RFC: a number too large to hold counts as 2^31.
    return OptionalLong.of(
        value.length() > 10 ? 1L << 31 : Math.min(Long.parseLong(value), 1L << 31));
  }
}
