package dev.rr.http;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpRequest;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Request targets, and the URI that PHP gets to see. Texts are byte strings. Any thread. */
public final class Targets {
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private static final String[] SCHEMES = {"http://", "https://"};

  /** What a path may hold as it is. */
  private static final boolean[] PATH = new boolean[128];

  /** What the name of a host may hold. */
  private static final boolean[] HOST = new boolean[128];

  static {
    for (char c = 0; c < 128; c++) {
      boolean letter = Character.isLetterOrDigit(c);
      PATH[c] = letter || "-_.~!$&'()*+,;=:@[]%/".indexOf(c) >= 0;
      HOST[c] = letter || "-_.~!$&'()*+,;=%".indexOf(c) >= 0;
    }
  }

  private Targets() {}

  /**
   * Refuses what is no target of a request that this server answers (RFC 9112, section 3.2): a
   * path, {@code *} for OPTIONS, or an absolute URI of http or https.
   *
   * @param host the {@code Host} header, empty without
   * @return the host that is asked for: that of an absolute target, else {@code host}
   * @throws HttpFault 400, or 501 for CONNECT
   */
  public static String host(String method, String target, String host) throws HttpFault {
    if (!isHost(host)) {
      throw new HttpFault(400, "malformed Host header");
    }
    if (method.equals("CONNECT")) {
      throw connect(target);
    }
    int path = 0;
    String asked = host;
    if (!isPath(method, target)) {
      int authority = authorityStart(target);
      path = authority < 0 ? -1 : pathStart(target, authority);
      asked = path < 0 ? "" : target.substring(authority, path);
      if (asked.isEmpty() || !isHost(asked)) {
        throw malformed();
      }
    }
    requireText(target, path);
    return asked;
  }

  /**
   * Refuses what is no {@code :path} of HTTP/2 and HTTP/3, where the authority has a field of its
   * own (RFC 9113, section 8.3.1; RFC 9114, section 4.3.1).
   *
   * @param authority {@code :authority}, else the {@code Host} header, empty without
   * @throws HttpFault 400, or 501 for CONNECT
   */
  public static void framed(String method, String path, String authority) throws HttpFault {
    if (authority.isEmpty() || !isHost(authority)) {
      throw new HttpFault(400, authority.isEmpty() ? "missing authority" : "malformed authority");
    }
    if (method.equals("CONNECT")) {
      throw connect(path);
    }
    if (!isPath(method, path)) {
      throw malformed();
    }
    requireText(path, 0);
  }

  private static HttpFault connect(String target) {
    // Whoever asks for a tunnel sends another protocol behind it: nothing of that is a request.
    return target.isEmpty() || !isHost(target)
        ? malformed()
        : new HttpFault(501, "this server is no proxy, CONNECT is not supported");
  }

  private static HttpFault malformed() {
    return new HttpFault(400, "malformed request target");
  }

  private static boolean isPath(String method, String target) {
    return target.startsWith("/") || target.equals("*") && method.equals("OPTIONS");
  }

  /** Where the authority of an absolute target begins; -1 when it is none of http or https. */
  private static int authorityStart(String target) {
    for (String scheme : SCHEMES) {
      if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
        return scheme.length();
      }
    }
    return -1;
  }

  private static int pathStart(String target, int from) {
    int at = from;
    while (at < target.length() && "/?".indexOf(target.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  /**
   * Whether this is a host, with a port or without, or empty (RFC 3986, section 3.2; RFC 9110,
   * section 7.2). User information may not be there.
   */
  public static boolean isHost(String text) {
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      return end > 0 && isIpv6(text.substring(1, end)) && isPort(text, end + 1);
    }
    int at = 0;
    while (at < text.length() && text.charAt(at) != ':') {
      char c = text.charAt(at);
      if (c >= 128 || !HOST[c] || c == '%' && !isEscape(text, at, text.length())) {
        return false;
      }
      at++;
    }
    return (at > 0 || text.isEmpty()) && isPort(text, at);
  }

  /** An address, with a zone behind a per cent sign, bare or escaped, or without. */
  private static boolean isIpv6(String literal) {
    int zone = literal.indexOf('%');
    if (zone == literal.length() - 1 && zone >= 0 || zone >= 0 && !isZone(literal, zone + 1)) {
      return false;
    }
    String text = zone < 0 ? literal : literal.substring(0, zone);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != ':' && c != '.' && hex(c) < 0) {
        return false;
      }
    }
    try {
      return InetAddress.ofLiteral(text) != null && text.indexOf(':') >= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isZone(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 128 || !Character.isLetterOrDigit(c) && "-_.~".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether nothing is there but a port; it may be empty behind its colon. */
  private static boolean isPort(String text, int at) {
    if (at == text.length()) {
      return true;
    }
    int port = 0;
    for (int i = at + 1; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      port = port * 10 + digit;
      if (digit < 0 || digit > 9 || port > 65535) {
        return false;
      }
    }
    return text.charAt(at) == ':';
  }

  /** Whether blanks and broken escapes are absent; what stands in the query may be broken. */
  private static void requireText(String target, int path) throws HttpFault {
    if (hasBlank(target)) {
      throw malformed();
    }
    int query = target.indexOf('?', path);
    int end = query < 0 ? target.length() : query;
    for (int at = target.indexOf('%', path);
        at >= 0 && at < end;
        at = target.indexOf('%', at + 1)) {
      if (!isEscape(target, at, end)) {
        throw new HttpFault(400, "invalid URL escape in the request target");
      }
    }
  }

  private static boolean isEscape(String text, int at, int end) {
    return at + 2 < end && hex(text.charAt(at + 1)) >= 0 && hex(text.charAt(at + 2)) >= 0;
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
    if (target.equals("*")) {
      return request.scheme() + "://" + request.host() + "*";
    }
    int authority = Math.max(0, authorityStart(target));
    int path = pathStart(target, authority);
    return target.substring(0, authority).toLowerCase(Locale.ROOT)
        + target.substring(authority, path)
        + pathAndQuery(target.substring(path));
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
