package dev.rr.http;

import dev.rr.api.http.HttpText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The path of a request target: decoded, and without dot segments, so that paths are compared with
 * what will be looked for. Any thread.
 */
public final class RequestPath {
  private RequestPath() {}

  /**
   * Reads a target as received. A query is no part of the path.
   *
   * @return empty when it is no path, or cannot be decoded
   */
  public static Optional<String> of(String received) {
    int query = received.indexOf('?');
    String target = query < 0 ? received : received.substring(0, query);
    int scheme = target.indexOf("://");
    int slash = target.indexOf('/', scheme < 0 || target.startsWith("/") ? 0 : scheme + 3);
    boolean absolute = scheme > 0 && !target.startsWith("/");
    if (slash < 0) {
      return absolute ? Optional.of("/") : Optional.empty();
    }
    if (slash > 0 && !absolute) {
      return Optional.empty();
    }
    return decoded(target.substring(slash)).map(RequestPath::withoutDots);
  }

  private static Optional<String> decoded(String path) {
    // Targets are byte strings.
    String bytes = PercentEncoding.decode(path);
    return bytes == null || bytes.indexOf('\0') >= 0 || !Targets.isUtf8(bytes)
        ? Optional.empty()
        : Optional.of(HttpText.of(bytes));
  }

  /** Nothing leads above the top. A slash at the end stays. */
  private static String withoutDots(String path) {
    Deque<String> kept = new ArrayDeque<>();
    for (String segment : path.substring(1).split("/", -1)) {
      if (segment.equals("..")) {
        kept.pollLast();
      } else if (!segment.equals(".")) {
        kept.addLast(segment);
      }
    }
    return "/" + String.join("/", kept);
  }
}
