package dev.rr.plugin.http.fastcgi;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.http.ContentLength;
import dev.rr.http.Controls;
import dev.rr.http.HeaderNames;
import dev.rr.http.RequestHead;
import dev.rr.http.Targets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The head of a request as a web server tells it in FastCGI parameters (RFC 3875, section 4.1).
 *
 * @param length the announced length of the body; -1 when the web server does not know it
 * @param peer the client of the web server; a unix address when it has none
 */
record FcgiHead(RequestHead request, long length, SocketAddress peer) {
  private static final int MAX_FIELDS = 1000;
  private static final SocketAddress NOWHERE = UnixDomainSocketAddress.of("");

  /** What stands for a request that could not be understood. */
  static final FcgiHead NONE =
      new FcgiHead(
          new RequestHead("GET", "/", "HTTP/1.1", "http", "", new HttpHeaders()), 0, NOWHERE);

  /**
   * Reads the parameters.
   *
   * @throws ProtocolException when they are no name-value pairs
   * @throws HttpFault what to answer; 500 when the web server forgot a parameter
   */
  static FcgiHead parse(byte[] bytes, int size) throws ProtocolException, HttpFault {
    Map<String, String> params = new HashMap<>();
    HttpHeaders headers = new HttpHeaders();
    FcgiRecords.pairs(bytes, size, (name, value) -> take(name, value, params, headers));
    if (headers.size() > MAX_FIELDS) {
      throw new HttpFault(431, "Request Header Fields Too Large");
    }
    String method = params.getOrDefault("REQUEST_METHOD", "");
    if (method.isEmpty()) {
      throw new HttpFault(500, "the FastCGI parameter REQUEST_METHOD is missing");
    }
    String type = params.getOrDefault("CONTENT_TYPE", "");
    if (!type.isEmpty()) {
      headers.set("Content-Type", type);
    }
    check(method, headers);
    String target = target(params);
    String host = Targets.host(method, target, headers.get(HeaderNames.HOST, ""));
    String length = params.getOrDefault("CONTENT_LENGTH", "");
    if (!length.isEmpty() && headers.contains(HeaderNames.CONTENT_LENGTH)) {
      // The parameter counts, and PHP gets to see no other.
      headers.set(HeaderNames.CONTENT_LENGTH, length);
    }
    String protocol = protocol(params.getOrDefault("SERVER_PROTOCOL", ""));
    String scheme = isOn(params.getOrDefault("HTTPS", "")) ? "https" : "http";
    return new FcgiHead(
        new RequestHead(method, target, protocol, scheme, host, headers),
        length(length),
        peer(params));
  }

  private static void take(
      String name, String value, Map<String, String> params, HttpHeaders headers) {
    if (!name.startsWith("HTTP_")) {
      params.put(name, value);
      return;
    }
    String field = HeaderNames.canonical(name.substring(5).replace('_', '-'));
    // How the body was framed is between the web server and its client.
    if (HeaderNames.isToken(field) && !field.equals(HeaderNames.TRANSFER_ENCODING)) {
      headers.add(field, value);
    }
  }

  private static String target(Map<String, String> params) {
    String uri = params.getOrDefault("REQUEST_URI", "");
    if (!uri.isEmpty()) {
      return uri;
    }
    String path = params.getOrDefault("SCRIPT_NAME", "") + params.getOrDefault("PATH_INFO", "");
    String query = params.getOrDefault("QUERY_STRING", "");
    return (path.isEmpty() ? "/" : path) + (query.isEmpty() ? "" : "?" + query);
  }

  private static void check(String method, HttpHeaders headers) throws HttpFault {
    if (!HeaderNames.isToken(method)) {
      throw new HttpFault(400, "invalid method");
    }
    if (headers.all(HeaderNames.HOST).size() > 1) {
      throw new HttpFault(400, "too many Host headers");
    }
    for (int i = 0; i < headers.size(); i++) {
      if (Controls.in(headers.value(i))) {
        throw new HttpFault(400, "invalid header value");
      }
    }
  }

  private static String protocol(String text) throws HttpFault {
    if (text.equals("INCLUDED")) {
      // A server-side include (RFC 3875, section 4.1.16).
      return "HTTP/1.0";
    }
    boolean digits = text.startsWith("HTTP/") && text.length() > 5 && isDigit(text.charAt(5));
    if (digits && text.length() == 6) {
      return text + ".0";
    }
    if (!digits || text.length() != 8 || text.charAt(6) != '.' || !isDigit(text.charAt(7))) {
      throw new HttpFault(500, "the FastCGI parameter SERVER_PROTOCOL is missing or malformed");
    }
    return text;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isOn(String https) {
    return https.equals("1") || https.toLowerCase(Locale.ROOT).equals("on");
  }

  private static long length(String text) throws HttpFault {
    if (text.isEmpty()) {
      return -1;
    }
    long length = ContentLength.parse(text);
    if (length < 0) {
      throw new HttpFault(400, "invalid Content-Length");
    }
    return length;
  }

  private static SocketAddress peer(Map<String, String> params) {
    try {
      return new InetSocketAddress(
          InetAddress.ofLiteral(params.getOrDefault("REMOTE_ADDR", "")),
          port(params.getOrDefault("REMOTE_PORT", "")));
    } catch (IllegalArgumentException e) {
      // A client on a unix socket of the web server, for example.
      return NOWHERE;
    }
  }

  private static int port(String text) {
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    return port <= 65535 ? port : 0;
  }
}
