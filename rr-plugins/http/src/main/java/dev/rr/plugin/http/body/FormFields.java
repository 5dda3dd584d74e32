package dev.rr.plugin.http.body;

import dev.rr.api.http.HttpFault;
import dev.rr.http.Targets;
import dev.rr.plugin.http.text.ByteWriter;
import dev.rr.plugin.http.text.JsonText;
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

  /** Fields as JSON texts. */
  private static final FormTree.Kind<String> TEXT =
      new FormTree.Kind<>() {
        @Override
        public boolean isEmpty(String value) {
          return value.isEmpty();
        }

        @Override
        public long length(String value) {
          return JsonText.length(value);
        }

        @Override
        public void write(ByteWriter out, String value) {
          JsonText.write(out, value);
        }
      };

  private final Map<String, List<String>> fields = new LinkedHashMap<>();
  private int count;

  /** Refuses a query that upstream refuses: it parses the query along with a form. */
  static void checkQuery(String target) throws HttpFault {
    byte[] query = Targets.rawQuery(target).getBytes(StandardCharsets.ISO_8859_1);
    new FormFields().addEncoded(query, query.length);
  }

  /** Adds a field. */
  void add(String name, String value) throws HttpFault {
    if (++count > MAX) {
      throw new HttpFault(400, "more than " + MAX + " form parameters");
    }
    fields.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
  }

  /** Adds the pairs of {@code a=1&b=2}, which are the first {@code length} bytes. */
  void addEncoded(byte[] text, int length) throws HttpFault {
    int at = 0;
    while (at < length) {
      int end = indexOf('&', text, at, length);
      if (end > at) {
        pair(text, at, end);
      }
      at = end + 1;
    }
  }

  private void pair(byte[] text, int from, int to) throws HttpFault {
    if (indexOf(';', text, from, to) < to) {
      throw new HttpFault(400, "invalid semicolon separator in query");
    }
    int equals = indexOf('=', text, from, to);
    String name = unescape(text, from, equals);
    add(name, equals == to ? "" : unescape(text, equals + 1, to));
  }

  /** Where a byte is first, or {@code to}. */
  private static int indexOf(char c, byte[] text, int from, int to) {
    int at = from;
    while (at < to && text[at] != c) {
      at++;
    }
    return at;
  }

  /**
   * As {@code PercentEncoding}, but from bytes into no more than what is left of them: a form may
   * have many megabytes. And it tells which escape is wrong.
   */
  private static String unescape(byte[] text, int from, int to) throws HttpFault {
    int escapes = 0;
    boolean plus = false;
    for (int at = from; at < to; at++) {
      plus |= text[at] == '+';
      if (text[at] == '%') {
        if (at + 2 >= to || hex(text[at + 1]) < 0 || hex(text[at + 2]) < 0) {
          throw invalid(text, at, to);
        }
        escapes++;
        at += 2;
      }
    }
    if (escapes == 0 && !plus) {
      return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    }
    byte[] plain = new byte[to - from - 2 * escapes];
    int at = from;
    for (int i = 0; i < plain.length; i++) {
      if (text[at] == '%') {
        plain[i] = (byte) (hex(text[at + 1]) << 4 | hex(text[at + 2]));
        at += 3;
      } else {
        plain[i] = text[at] == '+' ? (byte) ' ' : text[at];
        at++;
      }
    }
    return new String(plain, StandardCharsets.ISO_8859_1);
  }

  private static int hex(byte b) {
    return Targets.hex((char) (b & 0xff));
  }

  private static HttpFault invalid(byte[] text, int at, int to) {
    String escape = new String(text, at, Math.min(3, to - at), StandardCharsets.UTF_8);
    return new HttpFault(400, "invalid URL escape \"" + escape + "\"");
  }

  /** The fields as the JSON text of a PHP-style tree; empty when there are none. */
  byte[] json(FormMemory memory) throws HttpFault {
    if (fields.isEmpty()) {
      return new byte[0];
    }
    FormTree<String> tree = new FormTree<>(TEXT, FormTree.Pick.LAST, memory);
    for (Map.Entry<String, List<String>> field : fields.entrySet()) {
      tree.put(field.getKey(), field.getValue());
    }
    return tree.json();
  }
}
