package dev.rr.api.jobs;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job's headers as a broker keeps them: what a decoder has read. Stateless; any thread. */
public final class JobHeaders {
  private JobHeaders() {}

  /**
   * The headers.
   *
   * @param read a map of lists of texts; none when null, or an empty list, which is what PHP makes
   *     of an empty map
   * @throws IllegalArgumentException when it is something else
   */
  public static Map<String, List<String>> of(@Nullable Object read) {
    if (read == null || read instanceof List<?> list && list.isEmpty()) {
      return Map.of();
    }
    if (!(read instanceof Map<?, ?> map)) {
      throw wrong();
    }
    Map<String, List<String>> headers = HashMap.newHashMap(map.size());
    map.forEach((name, values) -> headers.put(String.valueOf(name), texts(values)));
    return headers;
  }

  private static List<String> texts(@Nullable Object values) {
    if (values == null) {
      return List.of();
    }
    if (!(values instanceof List<?> list)) {
      throw wrong();
    }
    return list.stream().map(JobHeaders::text).toList();
  }

  /** As Go's decoder, null is an empty text. */
  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case String text -> text;
      default -> throw wrong();
    };
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException("not an object of lists of texts");
  }
}
