package dev.rr.http;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/**
 * The head of an HTTP/1 request. Strict where leniency lets two servers see different requests in
 * the same bytes: no bare line feeds, no folded lines, no blank before a colon, one length only
 * (RFC 9112, sections 2.2, 5 and 6). Texts are byte strings. Any thread.
 *
 * @param request its target as it was received, its host from an absolute target or the {@code
 *     Host} header
 * @param http11 whether the client speaks HTTP/1.1 or a later minor version
 * @param length the announced length of the body; -1 for a chunked one
 * @param keepAlive whether the client wants to go on with this connection
 * @param expect the {@code Expect} header, or empty
 * @param upgrade whether the client offers to go on in another protocol, and may: not in HTTP/1.0,
 *     and not before a body is read (RFC 9110, section 7.8)
 */
public record Http1Head(
    RequestHead request,
    boolean http11,
    long length,
    boolean keepAlive,
    String expect,
    boolean upgrade) {

  /** The fault of a line that ends in no version of HTTP. */
  public static final String NO_VERSION = "a request line without a version of HTTP";

  /**
   * Reads a head whose lines all end in CR LF.
   *
   * @param from where its first line begins
   * @param to behind its last empty line
   * @param scheme of its connection
   * @throws HttpFault what to answer instead
   */
  public static Http1Head parse(byte[] bytes, int from, int to, String scheme) throws HttpFault {
    return new Parser(bytes, from, to).parse(scheme);
  }

  /** What stands for bytes that are no request, so that they can be answered. */
  public static Http1Head none(String scheme) {
    return new Http1Head(
        new RequestHead("GET", "/", "HTTP/1.1", scheme, "", new HttpHeaders()),
        true,
        0,
        false,
        "",
        false);
  }

  /**
   * Checks lines of a head whose rest has yet to come.
   *
   * @param length of the lines, which begin the array and are whole
   * @param first whether the request line is the first of them
   * @throws HttpFault what to answer at once
   */
  public static void checkLines(byte[] bytes, int length, boolean first) throws HttpFault {
    new Parser(bytes, 0, length).lines(first);
  }

  private static final class Parser {
    private final byte[] bytes;
    private final int to;
    private int at;

    private String method = "";
    private String target = "";
    private boolean http11;
    private final HttpHeaders headers = new HttpHeaders();
    private int hosts;
    private String host = "";
    private long length = -1;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;
    private boolean upgrade;
    private String expect = "";

    Parser(byte[] bytes, int from, int to) {
      this.bytes = bytes;
      this.at = from;
      this.to = to;
    }

    Http1Head parse(String scheme) throws HttpFault {
      line();
      while (at < to - 2) {
        field();
      }
      String protocol = http11 ? "HTTP/1.1" : "HTTP/1.0";
      RequestHead request =
          new RequestHead(method, target, protocol, scheme, checkedHost(), headers);
      long bodyLength = checkedLength();
      return new Http1Head(
          request,
          http11,
          bodyLength,
          http11 ? !close : keepAlive && !close,
          expect,
          upgrade && http11 && bodyLength == 0);
    }

    void lines(boolean first) throws HttpFault {
      if (first) {
        line();
      }
      while (at < to) {
        field();
      }
    }

    private void line() throws HttpFault {
      int end = lineEnd();
      method = word(end);
      if (!HeaderNames.isToken(method)) {
        throw bad("invalid method");
      }
      target = word(end);
      if (target.isEmpty()) {
        throw bad("malformed request line");
      }
      http11 = version(end);
      at = end + 2;
    }

    private int lineEnd() throws HttpFault {
      for (int i = at; i < to; i++) {
        if (bytes[i] == '\r') {
          if (bytes[i + 1] != '\n') {
            throw bad("a carriage return alone");
          }
          return i;
        }
      }
      throw bad("malformed request");
    }

    private String word(int end) throws HttpFault {
      int start = at;
      while (at < end && bytes[at] != ' ') {
        int b = bytes[at] & 0xff;
        if (b < 0x20 || b == 0x7f) {
          throw bad("a control character in the request line");
        }
        at++;
      }
      String word = text(start, at);
      at++;
      return word;
    }

    private boolean version(int end) throws HttpFault {
      if (end - at < 5 || !text(at, at + 5).equals("HTTP/")) {
        throw bad(NO_VERSION);
      }
      if (end - at != 8 || bytes[at + 6] != '.') {
        throw bad("malformed HTTP version");
      }
      int major = bytes[at + 5];
      int minor = bytes[at + 7];
      if (major < '0' || major > '9' || minor < '0' || minor > '9') {
        throw bad("malformed HTTP version");
      }
      if (major != '1') {
        throw new HttpFault(505, "HTTP Version Not Supported");
      }
      return minor != '0';
    }

    private void field() throws HttpFault {
      int colon = at;
      while (colon < to && bytes[colon] != ':' && bytes[colon] != '\r') {
        colon++;
      }
      if (bytes[colon] != ':') {
        throw bad("malformed header line");
      }
      // A blank at the start is a folded line, which two servers may read in two ways.
      String name = HeaderNames.of(bytes, at, colon);
      if (name == null) {
        throw bad("invalid header name");
      }
      at = colon + 1;
      int end = valueEnd();
      int start = at;
      int stop = end;
      while (start < stop && isBlank(bytes[start])) {
        start++;
      }
      while (stop > start && isBlank(bytes[stop - 1])) {
        stop--;
      }
      at = end + 2;
      add(name, text(start, stop));
    }

    private int valueEnd() throws HttpFault {
      int i = at;
      while (true) {
        int b = bytes[i] & 0xff;
        if (Controls.is(b)) {
          if (b == '\r' && bytes[i + 1] == '\n') {
            return i;
          }
          throw bad("invalid header value");
        }
        i++;
      }
    }

    @SuppressWarnings("ReferenceEquality") // the usual names are shared
    private void add(String name, String value) throws HttpFault {
      if (headers.size() == HeaderNames.MAX_FIELDS) {
        throw new HttpFault(431, "Request Header Fields Too Large");
      }
      if (name == HeaderNames.CONTENT_LENGTH && contentLength(value)) {
        return;
      }
      headers.add(name, value);
      if (name == HeaderNames.HOST) {
        host = value;
        hosts++;
      } else if (name == HeaderNames.TRANSFER_ENCODING) {
        if (chunked || !value.equalsIgnoreCase("chunked")) {
          throw new HttpFault(501, "unsupported transfer encoding");
        }
        chunked = true;
      } else if (name == HeaderNames.CONNECTION) {
        connection(value);
      } else if (name == HeaderNames.EXPECT) {
        expect = value;
      }
    }

    /** Whether the same length was told before: PHP and what it calls get to see one. */
    private boolean contentLength(String value) throws HttpFault {
      long parsed = ContentLength.parse(value);
      boolean again = length >= 0;
      if (parsed < 0 || again && !value.equals(headers.get(HeaderNames.CONTENT_LENGTH))) {
        throw bad("invalid Content-Length");
      }
      length = parsed;
      return again;
    }

    private void connection(String value) {
      if (value.equalsIgnoreCase("keep-alive")) {
        keepAlive = true;
        return;
      }
      for (String option : value.split(",", -1)) {
        close |= option.strip().equalsIgnoreCase("close");
        keepAlive |= option.strip().equalsIgnoreCase("keep-alive");
        upgrade |= option.strip().equalsIgnoreCase("upgrade");
      }
    }

    private String checkedHost() throws HttpFault {
      if (hosts > 1 || hosts == 0 && http11) {
        throw bad(hosts > 1 ? "too many Host headers" : "missing required Host header");
      }
      return Targets.host(method, target, host);
    }

    private long checkedLength() throws HttpFault {
      if (!chunked) {
        return Math.max(length, 0);
      }
      if (length >= 0) {
        throw bad("both Transfer-Encoding and Content-Length");
      }
      if (!http11) {
        throw bad("Transfer-Encoding in HTTP/1.0");
      }
      return -1;
    }

    private String text(int from, int until) {
      return from == until
          ? ""
          : new String(bytes, from, until - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isBlank(byte b) {
      return b == ' ' || b == '\t';
    }

    private static HttpFault bad(String message) {
      return new HttpFault(400, message);
    }
  }
}
