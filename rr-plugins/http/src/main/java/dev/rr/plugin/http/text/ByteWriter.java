package dev.rr.plugin.http.text;

import dev.rr.api.http.HttpText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow. One thread. */
public final class ByteWriter {
  private byte[] bytes;
  private int size;

  /**
   * An empty one.
   *
   * @param capacity bytes until it has to grow
   */
  public ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  /** Empties it. */
  public ByteWriter reset() {
    if (bytes.length > 256 * 1024) {
      bytes = new byte[16 * 1024];
    }
    size = 0;
    return this;
  }

  /** Bytes so far. */
  public int size() {
    return size;
  }

  /** What holds the bytes; valid up to {@link #size} and until the next call. */
  public byte[] array() {
    return bytes;
  }

  /** A copy of the bytes so far. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** Grows, if it has to, so that {@code more} bytes fit. */
  void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  /** Adds the low eight bits. */
  public ByteWriter put(int b) {
    ensure(1);
    bytes[size++] = (byte) b;
    return this;
  }

  /** Adds all of {@code other}. */
  public ByteWriter put(byte[] other) {
    return put(other, 0, other.length);
  }

  /** Adds a part of {@code other}. */
  public ByteWriter put(byte[] other, int offset, int length) {
    ensure(length);
    System.arraycopy(other, offset, bytes, size, length);
    size += length;
    return this;
  }

  /** Drops the last {@code count} bytes. */
  void drop(int count) {
    size -= count;
  }

  /**
   * Adds a byte string: each character is one byte. Text with a character past 0xff is none; it
   * goes out in UTF-8.
   */
  @SuppressWarnings("deprecation")
  public ByteWriter text(String text) {
    int length = text.length();
    if (!HttpText.isBytes(text)) {
      return put(text.getBytes(StandardCharsets.UTF_8));
    }
    ensure(length);
    // The only copy without a detour; dropping the high byte is what is wanted.
    text.getBytes(0, length, bytes, size);
    size += length;
    return this;
  }

  /** Adds a part of a byte string that has no character past 0xff. */
  @SuppressWarnings("deprecation")
  ByteWriter bytes(String text, int from, int to) {
    ensure(to - from);
    text.getBytes(from, to, bytes, size);
    size += to - from;
    return this;
  }

  /** The bytes, without a copy when they fill their place. Nothing may be added any more. */
  public byte[] finish() {
    return bytes.length == size ? bytes : toByteArray();
  }

  /** Adds a number in decimal digits. */
  public ByteWriter number(long value) {
    if (value >= 0 && value < 10) {
      return put('0' + (int) value);
    }
    return text(Long.toString(value));
  }
}
