package dev.rr.plugin.http.connection;

import dev.rr.api.http.HttpHeaders;
import dev.rr.http.HeaderNames;
import dev.rr.http.SentFields;
import dev.rr.plugin.http.text.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes heads of HTTP/1 answers (RFC 9112), and of CGI's, which FastCGI carries. How a body is
 * framed is decided by the transport: fields of the application that speak of it are left out. What
 * it returns is valid until the next call on the same loop.
 */
public final class HeadWriter {
  private static final byte[] CRLF = ascii("\r\n");
  private static final byte[] CGI_STATUS = ascii("Status: ");
  private static final byte[] DATE = ascii("Date: ");
  private static final byte[] LENGTH = ascii("Content-Length: ");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] UPGRADE = ascii("Connection: Upgrade\r\n");
  private static final byte[] LAST_CHUNK = ascii("0\r\n");

  private final Loop loop;
  private final ByteWriter out;

  // What the fields of the head at hand said.

  private boolean hasDate;
  private boolean close;

  /** Writes into the loop's own buffer, so at most one head at a time. */
  public HeadWriter(Loop loop) {
    this.loop = loop;
    this.out = loop.writer();
  }

  /** A head of an interim answer. */
  public ByteWriter interim(int status, HttpHeaders fields) {
    out.reset().put(StatusLines.of(status));
    fields(fields);
    return out.put(CRLF);
  }

  /** A head after which the connection speaks what the fields name as {@code Upgrade}. */
  public ByteWriter switching(HttpHeaders fields) {
    out.reset().put(StatusLines.of(101));
    fields(fields);
    return out.put(UPGRADE).put(CRLF);
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
    out.reset().put(StatusLines.of(status));
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
    byte[] line = StatusLines.of(status);
    int code = StatusLines.VERSION.length();
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
          close |= value.toLowerCase(Locale.ROOT).contains("close");
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
}
