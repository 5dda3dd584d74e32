package dev.rr.plugin.http.http1;

import dev.rr.api.http.HttpFault;
import dev.rr.http.HeaderNames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a connection that nobody has taken yet. On its loop only.
 *
 * <p>What came is one buffer: the channel's own while it is the only one, which is the usual case,
 * else one of ours that grows by doubling. The search for a head's end goes on where it stopped, so
 * a head that comes byte by byte costs no more than one that comes whole.
 */
final class Http1Input {
  /** Bytes that are kept behind a running request, and that a line of a body may have. */
  static final int MAX_BEHIND = 64 * 1024;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Whether a connection begins as HTTP/2 does. */
  enum Preface {
    YES,
    NO,
    MAYBE
  }

  private @Nullable ByteBuf bytes;

  /**
   * Where the search for the head's end goes on, and the last line feed found; counted from the
   * reader index.
   */
  private int scanned;

  private int lineFeed;

  /** How many bytes of an incomplete head somebody has taken a look at. */
  private int looked;

  void add(ByteBufAllocator alloc, ByteBuf more) {
    bytes = bytes == null ? more : append(alloc, bytes, more);
  }

  /** Adds to what is there; both buffers belong to this call. */
  private static ByteBuf append(ByteBufAllocator alloc, ByteBuf old, ByteBuf more) {
    try {
      if (old.writableBytes() >= more.readableBytes() && !old.isReadOnly()) {
        return old.writeBytes(more);
      }
      int length = old.readableBytes() + more.readableBytes();
      ByteBuf both = alloc.buffer(Math.max(length * 2, 1024));
      both.writeBytes(old).writeBytes(more);
      old.release();
      return both;
    } finally {
      more.release();
    }
  }

  /** Bytes that wait. */
  int size() {
    return bytes == null ? 0 : bytes.readableBytes();
  }

  boolean isEmpty() {
    return size() == 0;
  }

  /** Gives the buffer away; null when there is none. */
  @Nullable ByteBuf take() {
    ByteBuf taken = bytes;
    bytes = null;
    return taken;
  }

  void release() {
    if (bytes != null) {
      bytes.release();
      bytes = null;
    }
  }

  // What is read from it; only while it is not empty.

  private ByteBuf buffer() {
    if (bytes == null) {
      throw new IllegalStateException("no bytes");
    }
    return bytes;
  }

  void skip(int count) {
    buffer().skipBytes(count);
  }

  byte[] read(int count) {
    byte[] taken = new byte[count];
    buffer().readBytes(taken);
    return taken;
  }

  Preface preface() {
    ByteBuf buffer = buffer();
    int count = Math.min(buffer.readableBytes(), PREFACE.length);
    for (int i = 0; i < count; i++) {
      if (buffer.getByte(buffer.readerIndex() + i) != PREFACE[i]) {
        return Preface.NO;
      }
    }
    return count == PREFACE.length ? Preface.YES : Preface.MAYBE;
  }

  /** Whether the search for the end of this head has yet to begin. */
  boolean atHeadStart() {
    return scanned == 0;
  }

  /** Skips an empty line before a head; true when nothing else, or half of one, is there. */
  boolean skipsEmptyLine() {
    ByteBuf buffer = buffer();
    int at = buffer.readerIndex();
    if (buffer.getByte(at) != '\r') {
      return false;
    }
    if (buffer.readableBytes() >= 2 && buffer.getByte(at + 1) == '\n') {
      buffer.skipBytes(2);
    }
    return buffer.readableBytes() < 2;
  }

  /** Bytes of whole lines of an incomplete head that nobody has taken a look at. */
  int newLines() {
    return lineFeed == 0 ? 0 : lineFeed + 1 - looked;
  }

  /**
   * Copies new lines, which stay.
   *
   * @return whether a head begins with them
   */
  boolean look(byte[] to, int length) {
    ByteBuf buffer = buffer();
    buffer.getBytes(buffer.readerIndex() + looked, to, 0, length);
    looked += length;
    return looked == length;
  }

  /**
   * The length of the head, or -1 when it is not all there.
   *
   * @throws HttpFault when it is too long or has a line feed alone
   */
  int headLength() throws HttpFault {
    ByteBuf buffer = buffer();
    int start = buffer.readerIndex();
    int end = buffer.writerIndex();
    int from = start + scanned;
    while (from < end) {
      int at = buffer.indexOf(from, end, (byte) '\n');
      if (at < 0) {
        break;
      }
      int position = at - start;
      if (position == 0 || buffer.getByte(at - 1) != '\r') {
        // Taking it for a line's end is allowed (RFC 9112, section 2.2), but a proxy in front may
        // not, and then the two disagree about what is a header.
        throw new HttpFault(400, "a line feed alone");
      }
      if (lineFeed > 0 && position - lineFeed == 2) {
        // Two line ends in a row.
        if (position >= HeaderNames.MAX_SIZE) {
          throw new HttpFault(431, "Request Header Fields Too Large");
        }
        return position + 1;
      }
      lineFeed = position;
      from = at + 1;
    }
    scanned = end - start;
    if (scanned >= HeaderNames.MAX_SIZE) {
      throw new HttpFault(431, "Request Header Fields Too Large");
    }
    return -1;
  }

  /** Takes a head whose length is known; it begins the array. */
  void head(byte[] to, int length) {
    buffer().readBytes(to, 0, length);
    scanned = 0;
    lineFeed = 0;
    looked = 0;
  }

  /**
   * Takes the next line of a body without its end; null when it is not all there.
   *
   * @throws HttpFault when it is none
   */
  @Nullable String line() throws HttpFault {
    ByteBuf buffer = bytes;
    if (buffer == null) {
      return null;
    }
    int start = buffer.readerIndex();
    int end = buffer.indexOf(start, buffer.writerIndex(), (byte) '\n');
    if (end < 0) {
      if (buffer.readableBytes() > MAX_BEHIND) {
        throw new HttpFault(400, "line too long");
      }
      return null;
    }
    if (end == start || buffer.getByte(end - 1) != '\r') {
      throw new HttpFault(400, "a line feed alone");
    }
    String line = buffer.toString(start, end - 1 - start, StandardCharsets.ISO_8859_1);
    buffer.skipBytes(end + 1 - start);
    return line;
  }

  /** Takes the end of a line, which closes a chunk; false when it is not all there. */
  boolean lineEnd() throws HttpFault {
    if (size() < 2) {
      return false;
    }
    ByteBuf buffer = buffer();
    if (buffer.readByte() != '\r' || buffer.readByte() != '\n') {
      throw new HttpFault(400, "malformed chunked encoding");
    }
    return true;
  }
}
