package dev.rr.http;

import dev.rr.api.http.HttpText;
import java.util.ArrayList;
import java.util.List;

/** The query of a request target as forms write it: {@code name=value&name=value}. Any thread. */
public final class QueryParameters {
  private QueryParameters() {}

  /**
   * The values of a parameter as text, in their order. One whose escapes are malformed is left out.
   *
   * @param target as received: a byte string
   * @param name as it stands in the target; what is escaped in a name is not resolved
   */
  public static List<String> values(String target, String name) {
    int query = target.indexOf('?');
    String begin = name + "=";
    List<String> values = new ArrayList<>();
    for (String pair : target.substring(query < 0 ? target.length() : query + 1).split("&", -1)) {
      String value =
          pair.startsWith(begin)
              ? PercentEncoding.decode(pair.substring(begin.length()).replace('+', ' '))
              : null;
      if (value != null) {
        values.add(HttpText.of(value));
      }
    }
    return values;
  }
}
