package dev.rr.http;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Header names in the spelling Go gives them ({@code X-Real-Ip}), which is what PHP has always been
 * handed. The usual ones are shared strings, so that they can be told apart by {@code ==}. Any
 * thread.
 */
public final class HeaderNames {
  public static final String CONNECTION = "Connection";
  public static final String CONTENT_LENGTH = "Content-Length";
  public static final String EXPECT = "Expect";
  public static final String HOST = "Host";
  public static final String TRAILER = "Trailer";
  public static final String TRANSFER_ENCODING = "Transfer-Encoding";
  public static final String UPGRADE = "Upgrade";

  /** More header fields than anybody sends; each costs a comparison with every other. */
  public static final int MAX_FIELDS = 1000;

  /** Bytes that the fields of a request may have in all, decoded, over every transport. */
  public static final int MAX_SIZE = 1024 * 1024;

  /** What has to be known before a body. */
  private static final Set<String> AHEAD =
      Set.of(
          CONNECTION,
          CONTENT_LENGTH,
          EXPECT,
          HOST,
          TRAILER,
          TRANSFER_ENCODING,
          "Authorization",
          "Cache-Control",
          "Content-Encoding",
          "Content-Range",
          "Content-Type",
          "Keep-Alive",
          "Location",
          "Max-Forwards",
          "Pragma",
          "Proxy-Authenticate",
          "Proxy-Authorization",
          "Proxy-Connection",
          "Range",
          "Retry-After",
          "Set-Cookie",
          "Te",
          UPGRADE,
          "Vary",
          "Www-Authenticate");

  private static final int SLOTS = 512;
  private static final @Nullable String[] TABLE = new String[SLOTS];

  /** What may stand in a token, by character. */
  private static final boolean[] TOKEN = new boolean[256];

  static {
    for (char c = 0; c < 128; c++) {
      TOKEN[c] = Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
    for (String name :
        new String[] {
          CONNECTION,
          CONTENT_LENGTH,
          EXPECT,
          HOST,
          TRAILER,
          TRANSFER_ENCODING,
          UPGRADE,
          "Accept",
          "Accept-Charset",
          "Accept-Encoding",
          "Accept-Language",
          "Access-Control-Request-Headers",
          "Access-Control-Request-Method",
          "Authorization",
          "Cache-Control",
          "Cf-Connecting-Ip",
          "Content-Encoding",
          "Content-Type",
          "Cookie",
          "Date",
          "Dnt",
          "Etag",
          "Forwarded",
          "From",
          "If-Match",
          "If-Modified-Since",
          "If-None-Match",
          "If-Range",
          "If-Unmodified-Since",
          "Keep-Alive",
          "Last-Modified",
          "Location",
          "Max-Forwards",
          "Origin",
          "Pragma",
          "Priority",
          "Proxy-Authorization",
          "Range",
          "Referer",
          "Sec-Ch-Ua",
          "Sec-Ch-Ua-Mobile",
          "Sec-Ch-Ua-Platform",
          "Sec-Fetch-Dest",
          "Sec-Fetch-Mode",
          "Sec-Fetch-Site",
          "Sec-Fetch-User",
          "Server",
          "Set-Cookie",
          "Te",
          "Traceparent",
          "Tracestate",
          "True-Client-Ip",
          "Upgrade-Insecure-Requests",
          "User-Agent",
          "Vary",
          "Via",
          "X-Csrf-Token",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Port",
          "X-Forwarded-Proto",
          "X-Powered-By",
          "X-Real-Ip",
          "X-Request-Id",
          "X-Requested-With"
        }) {
      byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
      int slot = hash(bytes, 0, bytes.length);
      while (TABLE[slot] != null) {
        slot = (slot + 1) % SLOTS;
      }
      TABLE[slot] = name;
    }
  }

  private HeaderNames() {}

  /** The name in these bytes; null when it is no token. */
  public static @Nullable String of(byte[] bytes, int from, int to) {
    if (from == to) {
      return null;
    }
    for (int i = from; i < to; i++) {
      if (!TOKEN[bytes[i] & 0xff]) {
        return null;
      }
    }
    int slot = hash(bytes, from, to);
    for (String name = TABLE[slot]; name != null; name = TABLE[slot]) {
      if (same(name, bytes, from, to)) {
        return name;
      }
      slot = (slot + 1) % SLOTS;
    }
    return canonical(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
  }

  /** The canonical spelling of a name in lower case; null when it is none. */
  static @Nullable String ofLowerCase(CharSequence name) {
    byte[] bytes = new byte[name.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = name.charAt(i);
      if (c > 0xff || c >= 'A' && c <= 'Z') {
        return null;
      }
      bytes[i] = (byte) c;
    }
    return of(bytes, 0, bytes.length);
  }

  /** The canonical spelling of a name; what is no token stays as it is. */
  public static String canonical(String name) {
    if (!isToken(name)) {
      return name;
    }
    char[] out = name.toCharArray();
    boolean upper = true;
    for (int i = 0; i < out.length; i++) {
      char c = out[i];
      out[i] = upper ? Character.toUpperCase(c) : Character.toLowerCase(c);
      upper = c == '-';
    }
    return new String(out);
  }

  /** Whether this is a token (RFC 9110, section 5.6.2). */
  public static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0xff || !TOKEN[c]) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /**
   * Whether a field may follow a body (RFC 9110, section 6.5.1). Those may not that frame the
   * message, route it, say who asks or what is answered, or tell how to read the body.
   *
   * @param name in canonical spelling
   */
  public static boolean mayTrail(String name) {
    return isToken(name) && !name.startsWith("If-") && !AHEAD.contains(name);
  }

  private static int hash(byte[] bytes, int from, int to) {
    // Letters in either case differ in one bit, which is left out.
    int h = to - from;
    h = h * 31 + (bytes[from] & 0x1f);
    h = h * 31 + (bytes[to - 1] & 0x1f);
    h = h * 31 + (bytes[(from + to) >>> 1] & 0x1f);
    return (h ^ h >>> 9) & SLOTS - 1;
  }

  private static boolean same(String name, byte[] bytes, int from, int to) {
    if (name.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      char c = name.charAt(i - from);
      int b = bytes[i];
      if (c != b && (c ^ b) != 0x20) {
        return false;
      }
      if (c != b && !Character.isLetter(c)) {
        return false;
      }
    }
    return true;
  }
}
