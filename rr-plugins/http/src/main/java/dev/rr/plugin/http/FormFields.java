package dev.rr.plugin.http;

import dev.rr.api.http.HttpFault;
import dev.rr.exchange.Targets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of a form by name, in the order of their first appearance. Byte strings. One thread.
 */
final class FormFields {
  /** Go's limit. */
  private static final int MAX = 10_000;

  private final Map<String, List<String>> fields = new LinkedHashMap<>();
  private int count;

  /** Adds a field. */
  void add(String name, String value) throws HttpFault {
    if (++count > MAX) {
      throw new HttpFault(400, "more than " + MAX + " form parameters");
    }
    fields.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
  }

  /** Adds the pairs of {@code a=1&b=2}. */
  void addEncoded(String text) throws HttpFault {
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('&', at);
      end = end < 0 ? text.length() : end;
      if (end > at) {
        pair(text.substring(at, end));
      }
      at = end + 1;
    }
  }

  private void pair(String pair) throws HttpFault {
    if (pair.indexOf(';') >= 0) {
      throw new HttpFault(400, "invalid semicolon separator in query");
    }
    int equals = pair.indexOf('=');
    String name = equals < 0 ? pair : pair.substring(0, equals);
    add(unescape(name), equals < 0 ? "" : unescape(pair.substring(equals + 1)));
  }

  private static String unescape(String text) throws HttpFault {
    String plain = Cookies.unescape(text);
    if (plain != null) {
      return plain;
    }
    int at = text.indexOf('%');
    while (at + 2 < text.length()
        && Targets.hex(text.charAt(at + 1)) >= 0
        && Targets.hex(text.charAt(at + 2)) >= 0) {
      at = text.indexOf('%', at + 1);
    }
    String escape = text.substring(at, Math.min(at + 3, text.length()));
    throw new HttpFault(400, "invalid URL escape \"" + printable(escape) + "\"");
  }

  /** Bytes as a text that can stand in an answer. */
  static String printable(String text) {
    return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** The fields as the JSON text of a PHP-style tree; empty when there are none. */
  byte[] json() throws HttpFault {
    if (fields.isEmpty()) {
      return new byte[0];
    }
    FormTree<String> tree = new FormTree<>(String::isEmpty, FormTree.Pick.LAST);
    for (Map.Entry<String, List<String>> field : fields.entrySet()) {
      tree.mount(field.getKey(), field.getValue());
    }
    ByteWriter out = new ByteWriter(1024);
    tree.write(out, FormTree::text);
    return out.toByteArray();
  }
}
