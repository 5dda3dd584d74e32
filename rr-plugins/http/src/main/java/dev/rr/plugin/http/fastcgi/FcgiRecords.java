package dev.rr.plugin.http.fastcgi;

import io.netty.buffer.ByteBuf;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * FastCGI on the wire (specification 1.0, sections 3 and 8): records out, and name-value pairs both
 * ways. Stateless.
 */
final class FcgiRecords {
  static final int BEGIN_REQUEST = 1;
  static final int ABORT_REQUEST = 2;
  static final int END_REQUEST = 3;
  static final int PARAMS = 4;
  static final int STDIN = 5;
  static final int STDOUT = 6;
  static final int STDERR = 7;
  static final int DATA = 8;
  static final int GET_VALUES = 9;
  static final int GET_VALUES_RESULT = 10;
  static final int UNKNOWN_TYPE = 11;

  static final int RESPONDER = 1;
  static final int KEEP_CONNECTION = 1;

  static final int REQUEST_COMPLETE = 0;
  static final int OVERLOADED = 2;
  static final int UNKNOWN_ROLE = 3;

  static final int VERSION = 1;
  static final int HEADER = 8;

  /** The largest content that needs no padding to keep records aligned. */
  static final int MAX_CONTENT = 65528;

  private FcgiRecords() {}

  /** Adds a record's header; its content has to follow. */
  static ByteBuf header(ByteBuf out, int type, int id, int length) {
    return out.writeByte(VERSION)
        .writeByte(type)
        .writeShort(id)
        .writeShort(length)
        .writeByte(0)
        .writeByte(0);
  }

  /** Adds the end of a request. */
  static ByteBuf end(ByteBuf out, int id, int applicationStatus, int protocolStatus) {
    return header(out, END_REQUEST, id, 8)
        .writeInt(applicationStatus)
        .writeByte(protocolStatus)
        .writeMedium(0);
  }

  /** Adds the answer to a record whose type is not known. */
  static ByteBuf unknown(ByteBuf out, int type) {
    return header(out, UNKNOWN_TYPE, 0, 8).writeByte(type).writeZero(7);
  }

  /** Adds one name with its value; texts are byte strings. */
  static ByteBuf pair(ByteBuf out, String name, String value) {
    length(out, name.length());
    length(out, value.length());
    out.writeCharSequence(name, StandardCharsets.ISO_8859_1);
    out.writeCharSequence(value, StandardCharsets.ISO_8859_1);
    return out;
  }

  private static void length(ByteBuf out, int length) {
    if (length < 0x80) {
      out.writeByte(length);
    } else {
      out.writeInt(length | 0x8000_0000);
    }
  }

  /** Hands over each name and value, in order, as byte strings. */
  static void pairs(byte[] bytes, int size, BiConsumer<String, String> taker)
      throws ProtocolException {
    Reader reader = new Reader(bytes, size);
    while (reader.at < size) {
      int name = reader.length();
      int value = reader.length();
      taker.accept(reader.text(name), reader.text(value));
    }
  }

  /** The pairs by name; the last of a name wins. */
  static Map<String, String> pairs(byte[] bytes) throws ProtocolException {
    Map<String, String> all = new LinkedHashMap<>();
    pairs(bytes, bytes.length, all::put);
    return all;
  }

  private static final class Reader {
    private final byte[] bytes;
    private final int size;
    private int at;

    Reader(byte[] bytes, int size) {
      this.bytes = bytes;
      this.size = size;
    }

    int length() throws ProtocolException {
      int first = octet();
      return first < 0x80 ? first : (first & 0x7f) << 24 | octet() << 16 | octet() << 8 | octet();
    }

    private int octet() throws ProtocolException {
      if (at == size) {
        throw new ProtocolException("a FastCGI name-value pair is cut off");
      }
      return bytes[at++] & 0xff;
    }

    String text(int length) throws ProtocolException {
      if (length > size - at) {
        throw new ProtocolException("a FastCGI name-value pair is longer than its stream");
      }
      String text = new String(bytes, at, length, StandardCharsets.ISO_8859_1);
      at += length;
      return text;
    }
  }

  /** What takes records. */
  interface Taker {
    /**
     * A record is there.
     *
     * @param content belongs to the receiver
     */
    void record(int type, int id, byte[] content) throws ProtocolException;
  }

  /** Puts records together from bytes in pieces of any size. One thread. */
  static final class Decoder {
    private static final byte[] EMPTY = new byte[0];

    private final byte[] header = new byte[HEADER];
    private int headerSize;
    private byte @Nullable [] content;
    private int filled;
    private int padding;

    /** Whether a record has begun and is not complete. */
    boolean inRecord() {
      return headerSize > 0;
    }

    /**
     * Reads all of {@code bytes}.
     *
     * @throws ProtocolException when this is no FastCGI; nothing can be read after it
     */
    void read(ByteBuf bytes, Taker taker) throws ProtocolException {
      while (bytes.isReadable()) {
        if (headerSize < HEADER) {
          int count = Math.min(HEADER - headerSize, bytes.readableBytes());
          bytes.readBytes(header, headerSize, count);
          headerSize += count;
          if (headerSize == HEADER) {
            begin(taker);
          }
        } else {
          rest(bytes, taker);
        }
      }
    }

    private void begin(Taker taker) throws ProtocolException {
      if (header[0] != VERSION) {
        throw new ProtocolException("FastCGI version " + (header[0] & 0xff) + " is not known");
      }
      int length = (header[4] & 0xff) << 8 | header[5] & 0xff;
      padding = header[6] & 0xff;
      filled = 0;
      content = length == 0 ? EMPTY : new byte[length];
      if (length == 0) {
        complete(taker);
      }
    }

    private void rest(ByteBuf bytes, Taker taker) throws ProtocolException {
      byte[] array = content;
      if (array != null) {
        int count = Math.min(array.length - filled, bytes.readableBytes());
        bytes.readBytes(array, filled, count);
        filled += count;
        if (filled == array.length) {
          complete(taker);
        }
        return;
      }
      int skipped = Math.min(padding, bytes.readableBytes());
      bytes.skipBytes(skipped);
      padding -= skipped;
      if (padding == 0) {
        headerSize = 0;
      }
    }

    private void complete(Taker taker) throws ProtocolException {
      byte[] whole = content;
      content = null;
      if (padding == 0) {
        headerSize = 0;
      }
      if (whole != null) {
        taker.record(header[1] & 0xff, (header[2] & 0xff) << 8 | header[3] & 0xff, whole);
      }
    }
  }
}
