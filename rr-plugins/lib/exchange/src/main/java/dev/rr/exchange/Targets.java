package dev.rr.exchange;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Request targets, and the URI that PHP gets to see. Texts are byte strings. Any thread. */
public final class Targets {
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  /** What a path may hold as it is. */
  private static final boolean[] PATH = new boolean[128];

  /** What a host may hold. */
  private static final boolean[] HOST = new boolean[128];

  static {
    for (char c = 0; c < 128; c++) {
      boolean letter = Character.isLetterOrDigit(c);
      PATH[c] = letter || "-_.~!$&'()*+,;=:@[]%/".indexOf(c) >= 0;
      HOST[c] = letter || "-_.~!$&'()*+,;=:[]%".indexOf(c) >= 0;
    }
  }

  private Targets() {}

  /** Whether this may stand in a Host header. User information may not. */
  public static boolean isHost(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c >= 128 || !HOST[c]) {
        return false;
      }
    }
    return true;
  }

  /** The authority of an absolute target, else {@code host}. */
  public static String authority(String target, String host) throws HttpFault {
    if (target.startsWith("/") || target.equals("*")) {
      return host;
    }
    int scheme = target.indexOf("://");
    if (scheme < 0) {
      return host;
    }
    int start = scheme + 3;
    String authority = target.substring(start, pathStart(target, start));
    if (!isHost(authority)) {
      throw new HttpFault(400, "malformed request target");
    }
    return authority;
  }

  private static int pathStart(String target, int from) {
    int at = from;
    while (at < target.length() && "/?#".indexOf(target.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  /**
   * Refuses what no URI is.
   *
   * @throws HttpFault 400
   */
  public static void check(String method, String target) throws HttpFault {
    boolean absolute = target.indexOf("://") > 0 || method.equals("CONNECT");
    boolean server = target.equals("*") && method.equals("OPTIONS");
    if (!target.startsWith("/") && !absolute && !server || hasBlank(target)) {
      throw new HttpFault(400, "malformed request target");
    }
    int query = target.indexOf('?');
    int end = query < 0 ? target.length() : query;
    for (int at = target.indexOf('%'); at >= 0 && at < end; at = target.indexOf('%', at + 1)) {
      if (at + 2 >= end || hex(target.charAt(at + 1)) < 0 || hex(target.charAt(at + 2)) < 0) {
        throw new HttpFault(400, "invalid URL escape in the request target");
      }
    }
  }

  /** Blanks end a target in HTTP/1; HTTP/2 and FastCGI carry whatever they are given. */
  private static boolean hasBlank(String target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c == 0x7f) {
        return true;
      }
    }
    return false;
  }

  /** The value of a hexadecimal digit, or -1. */
  public static int hex(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /** The absolute URI of a request, as PHP gets to see it. */
  public static String uri(HttpRequest request) {
    String target = request.target();
    if (target.startsWith("/")) {
      return request.scheme() + "://" + request.host() + pathAndQuery(target);
    }
    if (request.method().equals("CONNECT") && !target.contains("://")) {
      return "//" + target;
    }
    if (target.equals("*")) {
      return request.scheme() + "://" + request.host() + "*";
    }
    int start = pathStart(target, target.indexOf("://") + 3);
    return target.substring(0, start) + pathAndQuery(target.substring(start));
  }

  private static String pathAndQuery(String text) {
    int query = text.indexOf('?');
    String path = query < 0 ? text : text.substring(0, query);
    return query < 0 ? encodePath(path) : encodePath(path) + encodeQuery(text.substring(query));
  }

  /** The query as it was sent, without the question mark. */
  public static String rawQuery(String target) {
    int query = target.indexOf('?');
    return query < 0 ? "" : encodeQuery(target.substring(query + 1));
  }

  private static String encodePath(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c >= 128 || !PATH[c]) {
        return encode(path, true);
      }
    }
    return path;
  }

  /**
   * Bytes that are no UTF-8 text would break the JSON and protobuf strings that carry the query.
   */
  private static String encodeQuery(String query) {
    return isUtf8(query) ? query : encode(query, false);
  }

  private static String encode(String text, boolean path) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 128 || path && !PATH[c]) {
        out.append('%').append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** Whether a byte string is valid UTF-8. */
  public static boolean isUtf8(String text) {
    int i = 0;
    while (i < text.length() && text.charAt(i) < 128) {
      i++;
    }
    if (i == text.length()) {
      return true;
    }
    try {
      var unused =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
