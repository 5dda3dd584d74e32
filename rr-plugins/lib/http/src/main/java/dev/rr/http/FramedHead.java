package dev.rr.http;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import java.net.ProtocolException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request over HTTP/2 or HTTP/3, whose rules are the same (RFC 9113, section 8; RFC
 * 9114, section 4). Codecs check some of them, and not the same ones. Immutable but for the
 * headers.
 *
 * @param target {@code :path}; the authority for CONNECT
 * @param host {@code :authority}, else the {@code Host} header; empty when there is neither
 * @param headers without pseudo-headers, in canonical spelling, with {@code Host} and one {@code
 *     Cookie} at most
 * @param length the announced length of the body; -1 without
 * @param tunnel whether the stream is to be left to another protocol (RFC 8441, RFC 9220): such a
 *     head is made to read like one of HTTP/1.1 that asks for the same, a GET with {@code Upgrade}
 */
public record FramedHead(
    String method, String target, String host, HttpHeaders headers, long length, boolean tunnel) {

  /**
   * Reads the fields of a request.
   *
   * @throws ProtocolException when it is malformed and its stream is to be reset
   */
  public static FramedHead request(Iterable<Map.Entry<CharSequence, CharSequence>> fields)
      throws ProtocolException {
    return new Parser().read(fields).request();
  }

  /**
   * As {@link #request}, where the client was told that it may ask for another protocol.
   *
   * @throws ProtocolException when it is malformed and its stream is to be reset
   */
  public static FramedHead requestOrTunnel(Iterable<Map.Entry<CharSequence, CharSequence>> fields)
      throws ProtocolException {
    Parser parser = new Parser();
    parser.tunnels = true;
    return parser.read(fields).request();
  }

  /**
   * Reads the fields behind a body.
   *
   * @throws ProtocolException when they are malformed and their stream is to be reset
   */
  public static HttpHeaders trailers(Iterable<Map.Entry<CharSequence, CharSequence>> fields)
      throws ProtocolException {
    Parser parser = new Parser();
    parser.regular = true;
    return parser.read(fields).finished();
  }

  /**
   * Refuses what is well-formed and no request all the same.
   *
   * @throws HttpFault what to answer
   */
  public void check() throws HttpFault {
    if (headers.size() > HeaderNames.MAX_FIELDS) {
      throw new HttpFault(431, "Request Header Fields Too Large");
    }
    Targets.framed(method, target, host);
  }

  /** The request as its exchange needs it. */
  public RequestHead request(String protocol, String scheme) {
    return new RequestHead(method, target, protocol, scheme, host, headers);
  }

  private static final class Parser {
    private final HttpHeaders headers = new HttpHeaders();
    private @Nullable String method;
    private @Nullable String scheme;
    private @Nullable String authority;
    private @Nullable String path;
    private @Nullable String protocol;
    private @Nullable StringBuilder cookies;

    /** Whether {@code :protocol} may be there. */
    private boolean tunnels;

    /** The value that was looked at last, and its text. */
    private @Nullable CharSequence checked;

    private String checkedText = "";

    /** Whether a field was met that is no pseudo-header; none may follow. */
    private boolean regular;

    private long length = -1;

    Parser read(Iterable<Map.Entry<CharSequence, CharSequence>> fields) throws ProtocolException {
      for (Map.Entry<CharSequence, CharSequence> field : fields) {
        CharSequence name = field.getKey();
        String value = value(field.getValue());
        if (name.length() > 0 && name.charAt(0) == ':') {
          pseudo(name.toString(), value);
        } else {
          regular = true;
          field(name, value);
        }
      }
      return this;
    }

    private String value(CharSequence value) throws ProtocolException {
      if (value == checked) {
        // One entry of a compression table may be meant hundreds of times.
        return checkedText;
      }
      String text = value.toString();
      if (!text.isEmpty() && text.charAt(0) <= ' ') {
        throw new ProtocolException("a header value begins with a space");
      }
      if (Controls.in(text)) {
        throw new ProtocolException("a control character in a header value");
      }
      checked = value;
      checkedText = text;
      return text;
    }

    private void pseudo(String name, String value) throws ProtocolException {
      if (regular) {
        throw new ProtocolException("pseudo-header " + name + " where none may be");
      }
      if (name.equals(":protocol") && tunnels && protocol == null) {
        protocol = value;
        return;
      }
      String before =
          switch (name) {
            case ":method" -> method;
            case ":scheme" -> scheme;
            case ":authority" -> authority;
            case ":path" -> path;
            default -> throw new ProtocolException("unknown pseudo-header " + name);
          };
      if (before != null) {
        throw new ProtocolException("pseudo-header " + name + " twice");
      }
      switch (name) {
        case ":method" -> method = value;
        case ":scheme" -> scheme = value;
        case ":authority" -> authority = value;
        default -> path = value;
      }
    }

    private void field(CharSequence sequence, String value) throws ProtocolException {
      String name = HeaderNames.ofLowerCase(sequence);
      if (name == null) {
        throw new ProtocolException("'" + sequence + "' is no header name in lower case");
      }
      switch (name) {
        case "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade" ->
            throw new ProtocolException(name + " speaks of another protocol's connections");
        case "Te" -> {
          if (!value.equals("trailers")) {
            throw new ProtocolException("Te asks for '" + value + "'");
          }
          headers.add(name, value);
        }
        case "Cookie" -> {
          // One header may come in pieces (RFC 9113, section 8.2.3; RFC 9114, section 4.2.1).
          cookies = cookies == null ? new StringBuilder() : cookies.append("; ");
          cookies.append(value);
        }
        case "Content-Length" -> {
          long parsed = ContentLength.parse(value);
          if (parsed < 0 || length >= 0 && !value.equals(headers.get(name))) {
            throw new ProtocolException("invalid Content-Length");
          }
          length = parsed;
          headers.set(name, value);
        }
        default -> headers.add(name, value);
      }
    }

    private HttpHeaders finished() {
      if (cookies != null) {
        headers.add("Cookie", cookies.toString());
      }
      return headers;
    }

    private FramedHead request() throws ProtocolException {
      String verb = method == null ? "" : method;
      boolean connect = verb.equals("CONNECT") && protocol == null;
      if (!HeaderNames.isToken(verb)) {
        throw new ProtocolException("invalid method '" + verb + "'");
      }
      boolean complete =
          connect
              ? authority != null && path == null && scheme == null
              : isHttp(scheme) && path != null && !path.isEmpty();
      if (!complete) {
        throw new ProtocolException("pseudo-headers are missing, wrong or too many");
      }
      if (protocol != null) {
        return tunnel(verb, protocol);
      }
      String host = host();
      return new FramedHead(
          verb, connect || path == null ? host : path, host, finished(), length, false);
    }

    private FramedHead tunnel(String verb, String asked) throws ProtocolException {
      if (!verb.equals("CONNECT") || authority == null || path == null || length >= 0) {
        throw new ProtocolException("pseudo-headers are missing, wrong or too many");
      }
      if (!HeaderNames.isToken(asked)) {
        throw new ProtocolException("invalid protocol '" + asked + "'");
      }
      HttpHeaders fields = finished();
      fields.set(HeaderNames.CONNECTION, HeaderNames.UPGRADE).set(HeaderNames.UPGRADE, asked);
      return new FramedHead("GET", path, host(), fields, -1, true);
    }

    /** What else a URI may begin with is not served here, as in an absolute target of HTTP/1. */
    private static boolean isHttp(@Nullable String scheme) {
      return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    }

    /** The authority goes before a Host header, which is made to tell the same. */
    private String host() throws ProtocolException {
      String host = authority;
      if (host == null) {
        if (headers.all(HeaderNames.HOST).size() > 1) {
          throw new ProtocolException("too many Host headers");
        }
        return headers.get(HeaderNames.HOST, "");
      }
      headers.set(HeaderNames.HOST, host);
      return host;
    }
  }
}
