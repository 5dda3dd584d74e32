package dev.rr.plugin.http.worker;

import dev.rr.http.HeaderNames;
import dev.rr.http.PercentEncoding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code Cookie} headers as Go does: strange names and values are left out, the last of a
 * name wins.
 */
final class Cookies {
  /** Cookies in one request, as Go's net/http bounds them; of more than that it hands over none. */
  private static final int MAX = 3000;

  private Cookies() {}

  /** The cookies by name, values with their escapes resolved. Byte strings. */
  static Map<String, String> parse(List<String> headers) {
    Map<String, String> cookies = new LinkedHashMap<>();
    int count = 0;
    for (String header : headers) {
      int at = 0;
      while (at < header.length()) {
        int end = header.indexOf(';', at);
        end = end < 0 ? header.length() : end;
        String part = header.substring(at, end).strip();
        at = end + 1;
        if (part.isEmpty()) {
          continue;
        }
        if (++count > MAX) {
          // None at all, rather than some that the client did not choose.
          return Map.of();
        }
        add(cookies, part);
      }
    }
    return cookies;
  }

  private static void add(Map<String, String> cookies, String part) {
    int equals = part.indexOf('=');
    String name = equals < 0 ? part : part.substring(0, equals).strip();
    String value = equals < 0 ? "" : part.substring(equals + 1);
    if (value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")) {
      value = value.substring(1, value.length() - 1);
    }
    if (!HeaderNames.isToken(name) || !isValue(value)) {
      return;
    }
    String decoded = PercentEncoding.decode(value.replace('+', ' '));
    if (decoded != null) {
      cookies.put(name, decoded);
    }
  }

  /** Whether a value has only characters that Go lets pass (wider than RFC 6265, section 4.1.1). */
  private static boolean isValue(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }
}
