package dev.rr.plugin.http.connection;

import dev.rr.api.http.HttpHeaders;
import dev.rr.http.HeaderNames;
import dev.rr.http.SentFields;
import dev.rr.plugin.http.text.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes heads of HTTP/1 answers. What it returns is valid until the next call on the same loop.
 */
public final class HeadWriter {
  private static final Map<Integer, String> REASONS = reasons();
  private static final byte[][] STATUS_LINES = new byte[600][];
  private static final byte[] CRLF = ascii("\r\n");
  private static final byte[] CGI_STATUS = ascii("Status: ");
  private static final byte[] DATE = ascii("Date: ");
  private static final byte[] LENGTH = ascii("Content-Length: ");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] LAST_CHUNK = ascii("0\r\n");

  static {
    for (int status = 100; status < 600; status++) {
      String reason = REASONS.getOrDefault(status, "status code " + status);
      STATUS_LINES[status] = ascii("HTTP/1.1 " + status + " " + reason + "\r\n");
    }
  }

  private final Loop loop;
  private final ByteWriter out;
  private boolean hasDate;
  private boolean close;

  public HeadWriter(Loop loop) {
    this.loop = loop;
    this.out = loop.writer();
  }

  /** A head of an interim answer. */
  public ByteWriter interim(int status, HttpHeaders fields) {
    out.reset().put(STATUS_LINES[status]);
    fields(fields);
    return out.put(CRLF);
  }

  /**
   * A head.
   *
   * @param length to announce; -1 for none
   * @param keepAlive whether the connection could go on; the fields may forbid it, see {@link
   *     #keepAlive}
   */
  public ByteWriter head(
      int status,
      HttpHeaders fields,
      long length,
      boolean chunked,
      boolean http11,
      boolean keepAlive) {
    out.reset().put(STATUS_LINES[status]);
    fields(fields);
    if (!hasDate) {
      out.put(DATE).put(loop.date()).put(CRLF);
    }
    if (chunked) {
      out.put(CHUNKED);
    } else if (length >= 0) {
      out.put(LENGTH).number(length).put(CRLF);
    }
    close |= !keepAlive;
    if (close) {
      out.put(CLOSE);
    } else if (!http11) {
      out.put(KEEP_ALIVE);
    }
    return out.put(CRLF);
  }

  /**
   * A head as CGI has it (RFC 3875, section 6).
   *
   * @param length to announce; -1 for none
   */
  public ByteWriter cgi(int status, HttpHeaders fields, long length) {
    byte[] line = STATUS_LINES[status];
    int code = "HTTP/1.1 ".length();
    out.reset().put(CGI_STATUS).put(line, code, line.length - code);
    fields(fields);
    if (!hasDate) {
      out.put(DATE).put(loop.date()).put(CRLF);
    }
    if (length >= 0) {
      out.put(LENGTH).number(length).put(CRLF);
    }
    return out.put(CRLF);
  }

  /** Whether the connection goes on after the head that was written last. */
  public boolean keepAlive() {
    return !close;
  }

  /** The last chunk with trailers. */
  public ByteWriter chunkedEnd(HttpHeaders trailers) {
    out.reset().put(LAST_CHUNK);
    fields(trailers);
    return out.put(CRLF);
  }

  private void fields(HttpHeaders fields) {
    hasDate = false;
    close = false;
    for (int i = 0; i < fields.size(); i++) {
      field(fields.name(i), fields.value(i));
    }
  }

  private void field(String name, String value) {
    switch (name.length()) {
      case 4 -> hasDate |= name.equalsIgnoreCase("Date");
      case 10 -> {
        if (name.equalsIgnoreCase(HeaderNames.CONNECTION)) {
          close |= value.toLowerCase(java.util.Locale.ROOT).contains("close");
          return;
        }
        if (name.equalsIgnoreCase("Keep-Alive")) {
          return;
        }
      }
      case 14 -> {
        if (name.equalsIgnoreCase(HeaderNames.CONTENT_LENGTH)) {
          return;
        }
      }
      case 17 -> {
        // How the body is framed is ours alone.
        if (name.equalsIgnoreCase(HeaderNames.TRANSFER_ENCODING)) {
          return;
        }
      }
      default -> {}
    }
    if (HeaderNames.isToken(name)) {
      out.text(name).put(':').put(' ').text(SentFields.clean(value)).put(CRLF);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Map<Integer, String> reasons() {
    Map<Integer, String> map = new TreeMap<>();
    String[] known = {
      "100 Continue",
      "102 Processing",
      "103 Early Hints",
      "200 OK",
      "201 Created",
      "202 Accepted",
      "203 Non-Authoritative Information",
      "204 No Content",
      "205 Reset Content",
      "206 Partial Content",
      "207 Multi-Status",
      "208 Already Reported",
      "226 IM Used",
      "300 Multiple Choices",
      "301 Moved Permanently",
      "302 Found",
      "303 See Other",
      "304 Not Modified",
      "305 Use Proxy",
      "307 Temporary Redirect",
      "308 Permanent Redirect",
      "400 Bad Request",
      "401 Unauthorized",
      "402 Payment Required",
      "403 Forbidden",
      "404 Not Found",
      "405 Method Not Allowed",
      "406 Not Acceptable",
      "407 Proxy Authentication Required",
      "408 Request Timeout",
      "409 Conflict",
      "410 Gone",
      "411 Length Required",
      "412 Precondition Failed",
      "413 Request Entity Too Large",
      "414 Request URI Too Long",
      "415 Unsupported Media Type",
      "416 Requested Range Not Satisfiable",
      "417 Expectation Failed",
      "418 I'm a teapot",
      "421 Misdirected Request",
      "422 Unprocessable Entity",
      "423 Locked",
      "424 Failed Dependency",
      "425 Too Early",
      "426 Upgrade Required",
      "428 Precondition Required",
      "429 Too Many Requests",
      "431 Request Header Fields Too Large",
      "451 Unavailable For Legal Reasons",
      "500 Internal Server Error",
      "501 Not Implemented",
      "502 Bad Gateway",
      "503 Service Unavailable",
      "504 Gateway Timeout",
      "505 HTTP Version Not Supported",
      "506 Variant Also Negotiates",
      "507 Insufficient Storage",
      "508 Loop Detected",
      "510 Not Extended",
      "511 Network Authentication Required"
    };
    for (String line : known) {
      map.put(Integer.parseInt(line, 0, 3, 10), line.substring(4));
    }
    return map;
  }
}
