package dev.rr.api.plugin;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Bytes of the operating system, such as variables and arguments, as strings that lose none of
 * them: UTF-8, where a byte that is none becomes the lone surrogate U+DC00 + byte, which no text
 * has. Any thread.
 */
public final class OsText {
  private static final int ESCAPE = 0xdc00;

  private OsText() {}

  /** The string of these bytes. */
  public static String of(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    for (CoderResult end = decoder.decode(in, out, true);
        end.isError();
        end = decoder.decode(in, out, true)) {
      for (int i = 0; i < end.length(); i++) {
        out.put((char) (ESCAPE + (in.get() & 0xff)));
      }
    }
    return out.flip().toString();
  }

  /** The bytes of a string: those that {@link #of} was given. */
  public static byte[] bytes(String text) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    return text.chars().noneMatch(OsText::isEscape) ? plain : escaped(text);
  }

  private static byte[] escaped(String text) {
    ByteBuffer out = ByteBuffer.allocate(3 * text.length());
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isEscape(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)))) {
        out.put(text.substring(at, i).getBytes(StandardCharsets.UTF_8)).put((byte) c);
        at = i + 1;
      }
    }
    out.put(text.substring(at).getBytes(StandardCharsets.UTF_8));
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  private static boolean isEscape(int c) {
    return c >= ESCAPE + 0x80 && c <= ESCAPE + 0xff;
  }
}
