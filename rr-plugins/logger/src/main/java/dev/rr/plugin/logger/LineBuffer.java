package dev.rr.plugin.logger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** Bytes of one line while it is encoded. One thread; reused by it. */
final class LineBuffer {
  private static final int KEPT = 64 << 10;
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private byte[] bytes = new byte[512];
  private int size;

  private boolean taken;

  /** Takes the buffer; false when it is taken already, further up this thread's stack. */
  boolean acquire() {
    boolean free = !taken;
    taken = true;
    return free;
  }

  void release() {
    taken = false;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[512];
    }
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }

  LineBuffer put(char ascii) {
    room(1);
    bytes[size++] = (byte) ascii;
    return this;
  }

  LineBuffer put(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
    return this;
  }

  boolean endsWith(char ascii) {
    return size > 0 && bytes[size - 1] == ascii;
  }

  /** Text as UTF-8; a lone surrogate becomes a question mark. */
  LineBuffer text(String text) {
    int length = text.length();
    room(length * 3);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes[size++] = (byte) c;
      } else {
        i = wide(text, i, c);
      }
    }
    return this;
  }

  /** Text inside of a JSON string. Room for the plain case is made once. */
  LineBuffer json(String text) {
    int length = text.length();
    room(length * 6);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        i = wide(text, i, c);
      } else if (c >= 0x20 && c != '"' && c != '\\') {
        bytes[size++] = (byte) c;
      } else {
        escape(c);
      }
    }
    return this;
  }

  private void escape(char c) {
    bytes[size++] = '\\';
    switch (c) {
      case '"', '\\' -> bytes[size++] = (byte) c;
      case '\n' -> bytes[size++] = 'n';
      case '\r' -> bytes[size++] = 'r';
      case '\t' -> bytes[size++] = 't';
      default -> {
        bytes[size++] = 'u';
        bytes[size++] = '0';
        bytes[size++] = '0';
        bytes[size++] = HEX[c >> 4];
        bytes[size++] = HEX[c & 15];
      }
    }
  }

  private int wide(String text, int i, char c) {
    if (c < 0x800) {
      bytes[size++] = (byte) (0xC0 | c >> 6);
      bytes[size++] = (byte) (0x80 | c & 0x3F);
      return i;
    }
    if (!Character.isSurrogate(c)) {
      bytes[size++] = (byte) (0xE0 | c >> 12);
      bytes[size++] = (byte) (0x80 | c >> 6 & 0x3F);
      bytes[size++] = (byte) (0x80 | c & 0x3F);
      return i;
    }
    if (i + 1 >= text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
      bytes[size++] = '?';
      return i;
    }
    int point = Character.toCodePoint(c, text.charAt(i + 1));
    bytes[size++] = (byte) (0xF0 | point >> 18);
    bytes[size++] = (byte) (0x80 | point >> 12 & 0x3F);
    bytes[size++] = (byte) (0x80 | point >> 6 & 0x3F);
    bytes[size++] = (byte) (0x80 | point & 0x3F);
    return i + 1;
  }

  LineBuffer number(long value) {
    if (value == Long.MIN_VALUE) {
      return text("-9223372036854775808");
    }
    room(20);
    long rest = value;
    if (rest < 0) {
      bytes[size++] = '-';
      rest = -rest;
    }
    int digits = 1;
    for (long limit = rest / 10; limit > 0; limit /= 10) {
      digits++;
    }
    for (int at = size + digits - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  /** What is in it, as text. */
  @Override
  public String toString() {
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  /** A time as nanoseconds since 1970. */
  LineBuffer nanos(Instant time) {
    return number(time.getEpochSecond() * 1_000_000_000 + time.getNano());
  }
}
