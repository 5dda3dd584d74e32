package dev.rr.plugin.http.body;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes of a form that grow by doubling, but to no more than a form may have: the last doubling is
 * what costs. One thread.
 */
final class FormBytes {
  private final long cap;
  private byte[] bytes = new byte[0];
  private int size;

  /** Expects at most {@code cap} bytes. */
  FormBytes(long cap) {
    this.cap = cap;
  }

  void add(byte[] more, int offset, int length) {
    add(ByteBuffer.wrap(more, offset, length));
  }

  void add(ByteBuffer more) {
    int count = more.remaining();
    if (bytes.length - size < count) {
      long grown = Math.min(cap, size * 2L);
      bytes = Arrays.copyOf(bytes, (int) Math.max(grown, size + (long) count));
    }
    more.get(bytes, size, count);
    size += count;
  }

  /** What holds the bytes, up to {@link #size}. */
  byte[] array() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** The bytes as a byte string. */
  String text() {
    return new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
  }

  /** Lets the bytes go. */
  void clear() {
    bytes = new byte[0];
    size = 0;
  }
}
