package dev.rr.plugin.nats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.nats.client.impl.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server sends, with headers that the client library can read: it ends, without a word, at
 * the first header that is not ASCII, and comes upon it again and again. Such a message's headers
 * are escaped, and say so. One thread.
 */
final class EscapedHeaders {
  private static final String MARK = "rr-escaped";
  private static final byte[] MARK_LINE = (MARK + ":1\r\n\r\n").getBytes(US_ASCII);
  private static final int BUFFER = 1 << 16;
  private static final int END = 2;

  private final Source source;
  private final byte[] in = new byte[BUFFER];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ByteArrayOutputStream headers = new ByteArrayOutputStream();
  private final ByteArrayOutputStream ready = new ByteArrayOutputStream();
  private byte[] out = new byte[0];
  private int taken;
  // Bytes that follow: of headers, and of what is passed on as it is.
  private long headersLeft;
  private long bodyLeft;

  /** Where the bytes come from. */
  interface Source {
    int read(byte[] to, int from, int length) throws IOException;
  }

  EscapedHeaders(Source source) {
    this.source = source;
  }

  /** As an input stream's. */
  int read(byte[] to, int from, int length) throws IOException {
    while (taken == out.length) {
      int count = source.read(in, 0, in.length);
      if (count < 0) {
        return -1;
      }
      take(count);
      out = ready.toByteArray();
      ready.reset();
      taken = 0;
    }
    int count = Math.min(length, out.length - taken);
    System.arraycopy(out, taken, to, from, count);
    taken += count;
    return count;
  }

  private void take(int count) {
    int at = 0;
    while (at < count) {
      if (headersLeft > 0) {
        int some = (int) Math.min(headersLeft, count - at);
        headers.write(in, at, some);
        headersLeft -= some;
        at += some;
        endHeaders();
      } else if (bodyLeft > 0) {
        int some = (int) Math.min(bodyLeft, count - at);
        ready.write(in, at, some);
        bodyLeft -= some;
        at += some;
      } else {
        int next = in[at++];
        line.write(next);
        if (next == '\n') {
          endLine();
        }
      }
    }
  }

  private void endLine() {
    String[] words = line.toString(ISO_8859_1).strip().split("\\s+", -1);
    String verb = words[0].toUpperCase(java.util.Locale.ROOT);
    if (verb.equals("HMSG") && words.length > 4) {
      headersLeft = size(words[words.length - 2]);
      bodyLeft = Math.max(0, size(words[words.length - 1]) - headersLeft) + END;
      return;
    }
    ready.writeBytes(line.toByteArray());
    line.reset();
    if (verb.equals("MSG") && words.length > 3) {
      bodyLeft = size(words[words.length - 1]) + END;
    }
  }

  /** What is no number the library complains of. */
  private static long size(String word) {
    try {
      return Long.parseUnsignedLong(word);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void endHeaders() {
    if (headersLeft > 0) {
      return;
    }
    byte[] given = headers.toByteArray();
    headers.reset();
    byte[] escaped = isReadable(given) ? given : escape(given);
    if (escaped == given) {
      ready.writeBytes(line.toByteArray());
    } else {
      ready.writeBytes(resized(escaped.length, escaped.length + bodyLeft - END));
    }
    line.reset();
    ready.writeBytes(escaped);
  }

  private byte[] resized(long headersSize, long size) {
    String told = line.toString(ISO_8859_1).strip();
    String kept = told.replaceFirst("\\s+\\d+\\s+\\d+$", "");
    return (kept + " " + headersSize + " " + size + "\r\n").getBytes(ISO_8859_1);
  }

  private static boolean isReadable(byte[] block) {
    for (byte each : block) {
      if (each < 0) {
        return false;
      }
    }
    return true;
  }

  /** The lines behind the first, of which the last is empty. */
  private static byte[] escape(byte[] block) {
    ByteArrayOutputStream escaped = new ByteArrayOutputStream(block.length * 2);
    HexFormat hex = HexFormat.of();
    for (int i = 0; i < block.length - END; i++) {
      byte each = block[i];
      if (each < 0 || each == '%') {
        escaped.write('%');
        escaped.writeBytes(hex.toHexDigits(each).getBytes(US_ASCII));
      } else {
        escaped.write(each);
      }
    }
    escaped.writeBytes(MARK_LINE);
    return escaped.toByteArray();
  }

  // ---- read ------------------------------------------------------------------------------------

  /** A message's headers as they were sent. */
  static Map<String, List<String>> of(@Nullable Headers carried) {
    Map<String, List<String>> headers = new HashMap<>();
    if (carried == null) {
      return headers;
    }
    boolean escaped = carried.containsKey(MARK);
    carried.forEach((name, values) -> {
      if (!escaped) {
        headers.put(name, List.copyOf(values));
      } else if (!name.equals(MARK)) {
        headers.put(unescape(name), values.stream().map(EscapedHeaders::unescape).toList());
      }
    });
    return headers;
  }

  private static String unescape(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%' && i + END < text.length()) {
        bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 1 + END));
        i += END;
      } else {
        bytes.write(text.charAt(i));
      }
    }
    return bytes.toString(UTF_8);
  }
}
