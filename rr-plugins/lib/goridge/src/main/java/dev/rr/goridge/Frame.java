package dev.rr.goridge;

import java.nio.ByteBuffer;

/**
 * The layout of a goridge frame, on bytes. Stateless, allocates nothing; any thread.
 *
 * <pre>
 * 0      protocol version 1 in the high nibble, header length in 32-bit words in the low one
 * 1      flags
 * 2..5   payload length, without header and options
 * 6..9   CRC-32 of bytes 0..5 alone
 * 10     stream bits, not under the checksum
 * 11     reserved
 * 12..   options, 32 bits each
 * then   payload
 * </pre>
 *
 * All numbers are little-endian and unsigned.
 */
public final class Frame {
  /** Bytes of a header without options. */
  public static final int HEADER = 12;

  /** Most options a frame can have. */
  public static final int MAX_OPTIONS = 10;

  /** Bytes of the longest header, options included. */
  public static final int MAX_HEADER = HEADER + 4 * MAX_OPTIONS;

  /** The longest payload the format can name. */
  public static final long MAX_PAYLOAD = 0xFFFF_FFFFL;

  /** Flag: the payload is a JSON control command. */
  public static final int CONTROL = 0x01;

  /** Flag: raw payload. */
  public static final int RAW = 0x04;

  /** Flag: JSON payload. */
  public static final int JSON = 0x08;

  /** Flag: MessagePack payload. */
  public static final int MSGPACK = 0x10;

  /** Flag: payload in Go's own encoding. */
  public static final int GOB = 0x20;

  /** Flag: the payload is an error text. */
  public static final int ERROR = 0x40;

  /** Flag: protobuf payload. */
  public static final int PROTO = 0x80;

  /** Stream bit: more frames follow. */
  public static final int STREAM = 0x01;

  /** Stream bit: stop the running stream. */
  public static final int STOP = 0x02;

  /** Stream bit: answer with {@link #PONG}. */
  public static final int PING = 0x04;

  /** Stream bit: the answer to {@link #PING}. */
  public static final int PONG = 0x08;

  private static final int VERSION = 0x10;
  private static final int[] CRC = crcTable();

  private Frame() {}

  /**
   * Writes a header.
   *
   * @param out where to, from {@code at} on
   * @param payload the payload's length in bytes, 0 to {@link #MAX_PAYLOAD}
   * @param options unsigned 32-bit values, at most {@link #MAX_OPTIONS}
   * @return the header's length in bytes
   */
  public static int header(
      byte[] out, int at, int flags, int stream, long payload, int... options) {
    if (options.length > MAX_OPTIONS) {
      throw new IllegalArgumentException("a frame has at most 10 options, not " + options.length);
    }
    begin(out, at, flags, stream, payload, options.length);
    for (int i = 0; i < options.length; i++) {
      putInt(out, at + HEADER + 4 * i, options[i]);
    }
    return HEADER + 4 * options.length;
  }

  /** As {@link #header(byte[], int, int, int, long, int...)}, without options. */
  public static int header(byte[] out, int at, int flags, int stream, long payload) {
    begin(out, at, flags, stream, payload, 0);
    return HEADER;
  }

  /** As {@link #header(byte[], int, int, int, long, int...)}, with one option. */
  public static int header(byte[] out, int at, int flags, int stream, long payload, int option) {
    begin(out, at, flags, stream, payload, 1);
    putInt(out, at + HEADER, option);
    return HEADER + 4;
  }

  /** As {@link #header(byte[], int, int, int, long, int...)}, with two options, as RPC has. */
  public static int header(
      byte[] out, int at, int flags, int stream, long payload, int first, int second) {
    begin(out, at, flags, stream, payload, 2);
    putInt(out, at + HEADER, first);
    putInt(out, at + HEADER + 4, second);
    return HEADER + 8;
  }

  /** A whole frame, for what is small and rare. */
  public static byte[] of(int flags, int stream, byte[] payload, int... options) {
    byte[] frame = new byte[HEADER + 4 * options.length + payload.length];
    int header = header(frame, 0, flags, stream, payload.length, options);
    System.arraycopy(payload, 0, frame, header, payload.length);
    return frame;
  }

  /**
   * Whether a header stands at {@code at}: version, header length and checksum are right. Looks at
   * 10 bytes, of which all have to be there.
   */
  public static boolean valid(byte[] in, int at) {
    return isFirst(in[at]) && crc(in, at) == getInt(in, at + 6);
  }

  /** As {@link #valid(byte[], int)}, at an absolute index. */
  public static boolean valid(ByteBuffer in, int at) {
    return isFirst(in.get(at)) && crc(in, at) == getInt(in, at + 6);
  }

  /** Bytes of header and options together. */
  public static int headerLength(byte first) {
    return 4 * Math.max(3, first & 0x0F);
  }

  /** How many options follow the first 12 bytes. */
  public static int options(byte first) {
    return Math.max(3, first & 0x0F) - 3;
  }

  /** Option {@code index} of the frame at {@code at}; unsigned, so negative means 2 GiB or more. */
  public static int option(byte[] in, int at, int index) {
    return getInt(in, at + HEADER + 4 * index);
  }

  /** As {@link #option(byte[], int, int)}, at an absolute index. */
  public static int option(ByteBuffer in, int at, int index) {
    return getInt(in, at + HEADER + 4 * index);
  }

  /** The flags. */
  public static int flags(byte[] in, int at) {
    return in[at + 1] & 0xFF;
  }

  /** The flags. */
  public static int flags(ByteBuffer in, int at) {
    return in.get(at + 1) & 0xFF;
  }

  /** The stream bits. */
  public static int stream(byte[] in, int at) {
    return in[at + 10] & 0xFF;
  }

  /** The stream bits. */
  public static int stream(ByteBuffer in, int at) {
    return in.get(at + 10) & 0xFF;
  }

  /** The payload's length in bytes. */
  public static long payload(byte[] in, int at) {
    return getInt(in, at + 2) & MAX_PAYLOAD;
  }

  /** The payload's length in bytes. */
  public static long payload(ByteBuffer in, int at) {
    return getInt(in, at + 2) & MAX_PAYLOAD;
  }

  /** Whether a frame can begin with this byte. */
  static boolean isFirst(byte first) {
    // Upstream's reader takes a header length below 3 words for "no options".
    return (first & 0xF0) == VERSION && (first & 0x0F) <= 3 + MAX_OPTIONS;
  }

  private static void begin(byte[] out, int at, int flags, int stream, long payload, int options) {
    if (payload < 0 || payload > MAX_PAYLOAD) {
      throw new IllegalArgumentException("a payload has 0 to 4294967295 bytes, not " + payload);
    }
    out[at] = (byte) (VERSION | 3 + options);
    out[at + 1] = (byte) flags;
    putInt(out, at + 2, (int) payload);
    putInt(out, at + 6, crc(out, at));
    out[at + 10] = (byte) stream;
    out[at + 11] = 0;
  }

  private static int crc(byte[] in, int at) {
    int crc = -1;
    for (int i = at; i < at + 6; i++) {
      crc = crc >>> 8 ^ CRC[(crc ^ in[i]) & 0xFF];
    }
    return ~crc;
  }

  private static int crc(ByteBuffer in, int at) {
    int crc = -1;
    for (int i = at; i < at + 6; i++) {
      crc = crc >>> 8 ^ CRC[(crc ^ in.get(i)) & 0xFF];
    }
    return ~crc;
  }

  private static void putInt(byte[] out, int at, int value) {
    out[at] = (byte) value;
    out[at + 1] = (byte) (value >>> 8);
    out[at + 2] = (byte) (value >>> 16);
    out[at + 3] = (byte) (value >>> 24);
  }

  private static int getInt(byte[] in, int at) {
    return in[at] & 0xFF
        | (in[at + 1] & 0xFF) << 8
        | (in[at + 2] & 0xFF) << 16
        | (in[at + 3] & 0xFF) << 24;
  }

  private static int getInt(ByteBuffer in, int at) {
    return in.get(at) & 0xFF
        | (in.get(at + 1) & 0xFF) << 8
        | (in.get(at + 2) & 0xFF) << 16
        | (in.get(at + 3) & 0xFF) << 24;
  }

  private static int[] crcTable() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0xEDB88320;
      }
      table[i] = crc;
    }
    return table;
  }
}
