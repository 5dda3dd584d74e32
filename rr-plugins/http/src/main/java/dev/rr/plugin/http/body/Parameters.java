package dev.rr.plugin.http.body;

import dev.rr.api.http.HttpFault;
import dev.rr.http.HeaderNames;
import dev.rr.http.PercentEncoding;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A header value with parameters, such as {@code form-data; name="a"}. Byte strings. Immutable.
 *
 * @param value in lower case
 * @param map parameters by name in lower case; {@code filename*} is under {@code filename}
 */
record Parameters(String value, Map<String, String> map) {
  private static final String SPECIALS = "()<>@,;:\\\"/[]?=";

  /**
   * Reads a value.
   *
   * @throws HttpFault 400 when its parameters are malformed
   */
  static Parameters parse(String text) throws HttpFault {
    int semicolon = text.indexOf(';');
    String value = semicolon < 0 ? text : text.substring(0, semicolon);
    Map<String, String> map = new HashMap<>();
    int at = semicolon;
    while (at >= 0 && at < text.length()) {
      at = skipBlanks(text, at + 1);
      if (at == text.length()) {
        break;
      }
      at = parameter(text, at, map);
    }
    map.keySet().stream()
        .filter(k -> k.endsWith("*"))
        .toList()
        .forEach(k -> map.put(k.substring(0, k.length() - 1), map.getOrDefault(k, "")));
    return new Parameters(value.strip().toLowerCase(Locale.ROOT), map);
  }

  /** Reads one parameter; where its semicolon is, or the end. */
  private static int parameter(String text, int start, Map<String, String> into) throws HttpFault {
    int equals = text.indexOf('=', start);
    String name = equals < 0 ? "" : text.substring(start, equals).strip().toLowerCase(Locale.ROOT);
    if (!HeaderNames.isToken(name)) {
      throw malformed();
    }
    StringBuilder out = new StringBuilder();
    int at = skipBlanks(text, equals + 1);
    if (at < text.length() && text.charAt(at) == '"') {
      at = quoted(text, at + 1, out);
    } else {
      while (at < text.length() && text.charAt(at) != ';') {
        out.append(text.charAt(at++));
      }
    }
    at = skipBlanks(text, at);
    if (at < text.length() && text.charAt(at) != ';') {
      throw malformed();
    }
    String value = out.toString();
    String previous = into.put(name, name.endsWith("*") ? extended(value) : value);
    if (previous != null) {
      throw malformed();
    }
    return at;
  }

  private static int quoted(String text, int start, StringBuilder out) throws HttpFault {
    for (int at = start; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      // Old browsers send whole Windows paths: a backslash counts only before what needs one.
      if (c == '\\' && at + 1 < text.length() && SPECIALS.indexOf(text.charAt(at + 1)) >= 0) {
        c = text.charAt(++at);
      }
      out.append(c);
    }
    throw malformed();
  }

  /** {@code UTF-8''na%20me} (RFC 8187). */
  private static String extended(String value) throws HttpFault {
    int first = value.indexOf('\'');
    int second = value.indexOf('\'', first + 1);
    if (first < 0 || second < 0) {
      throw malformed();
    }
    String decoded = PercentEncoding.decode(value.substring(second + 1));
    if (decoded == null) {
      throw malformed();
    }
    boolean latin = value.substring(0, first).equalsIgnoreCase("iso-8859-1");
    return latin
        ? new String(decoded.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
        : decoded;
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static HttpFault malformed() {
    return new HttpFault(400, "mime: invalid media parameter");
  }

  /** A parameter, or null. */
  @Nullable String get(String name) {
    return map.get(name);
  }

  /** A parameter that has to be there. */
  String require(String name) throws HttpFault {
    String found = map.get(name);
    if (found == null || found.isEmpty()) {
      throw new HttpFault(400, "no multipart " + name + " param in Content-Type");
    }
    return found;
  }
}
