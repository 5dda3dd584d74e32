package dev.rr.operator;

import dev.rr.api.http.HttpFault;
import dev.rr.http.Http1Head;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a connection that nobody has taken yet; no memory while there are none. http
 * searches Netty's buffers in the same way, which are none here, and faster than an interface
 * between both would let it.
 */
final class InputBytes {
  private static final byte[] NONE = {};

  private final int longest;
  private byte[] data = NONE;
  private int from;
  private int to;

  /** Where the search for the head's end goes on, and the last line feed found. */
  private int scanned;

  private int lineFeed;

  /** Bytes of which a head or line may have this many. */
  InputBytes(int longest) {
    this.longest = longest;
  }

  void add(ByteBuffer more) {
    int count = more.remaining();
    if (data.length - to < count) {
      int size = to - from;
      byte[] grown = new byte[Math.max(2 * size, size + count)];
      System.arraycopy(data, from, grown, 0, size);
      data = grown;
      from = 0;
      to = size;
    }
    more.get(data, to, count);
    to += count;
  }

  boolean isEmpty() {
    return from == to;
  }

  int size() {
    return to - from;
  }

  /** Takes bytes, as many as there are of {@code count}. */
  byte[] take(long count) {
    int end = from + (int) Math.min(count, size());
    byte[] taken = Arrays.copyOfRange(data, from, end);
    skip(end - from);
    return taken;
  }

  private void skip(int count) {
    from += count;
    if (from == to) {
      data = NONE;
      from = 0;
      to = 0;
    }
  }

  /**
   * Takes a head with its empty line; null when it is not all there. One empty line before it is
   * skipped.
   *
   * @throws HttpFault when it is too long, has a line feed alone, or begins as no request
   */
  byte @Nullable [] head() throws HttpFault {
    if (scanned == 0 && size() >= 2 && data[from] == '\r' && data[from + 1] == '\n') {
      skip(2);
    }
    for (int at = scanned; at < size(); at++) {
      if (data[from + at] != '\n') {
        continue;
      }
      if (at == 0 || data[from + at - 1] != '\r') {
        throw new HttpFault(400, "a line feed alone");
      }
      if (lineFeed > 0 && at - lineFeed == 2) {
        scanned = 0;
        lineFeed = 0;
        return take(at + 1L);
      }
      if (lineFeed == 0) {
        // What begins as no request is refused at once, without waiting for its end.
        Http1Head.checkLines(Arrays.copyOfRange(data, from, from + at + 1), at + 1, true);
      }
      lineFeed = at;
    }
    // Half an empty line is looked at again.
    scanned = size() < 2 ? 0 : size();
    if (scanned >= longest) {
      throw new HttpFault(431, "Request Header Fields Too Large");
    }
    return null;
  }

  /**
   * Takes the next line of a chunked body without its end; null when it is not all there.
   *
   * @throws HttpFault when it is none
   */
  @Nullable String line() throws HttpFault {
    int end = from;
    while (end < to && data[end] != '\n') {
      end++;
    }
    if (end - from >= longest) {
      throw new HttpFault(400, "line too long");
    }
    if (end == to) {
      return null;
    }
    if (end == from || data[end - 1] != '\r') {
      throw new HttpFault(400, "a line feed alone");
    }
    String line = new String(data, from, end - 1 - from, StandardCharsets.ISO_8859_1);
    skip(end + 1 - from);
    return line;
  }
}
