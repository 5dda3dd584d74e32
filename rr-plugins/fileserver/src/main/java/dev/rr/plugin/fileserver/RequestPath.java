package dev.rr.plugin.fileserver;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The path of a request target: decoded, and without dot segments, so that prefixes are compared
 * with what will be looked for.
 */
final class RequestPath {
  private RequestPath() {}

  /**
   * Reads a target as received. A query is no part of the path.
   *
   * @return empty when it is no path, or cannot be decoded
   */
  static Optional<String> of(String received) {
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
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c != '%') {
        // Targets are byte strings.
        bytes.write(c);
        continue;
      }
      int high = i + 1 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
      int low = i + 2 < path.length() ? Character.digit(path.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0 || high == 0 && low == 0) {
        return Optional.empty();
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
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
