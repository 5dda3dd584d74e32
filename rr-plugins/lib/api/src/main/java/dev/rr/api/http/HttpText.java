package dev.rr.api.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Targets and headers as people read them. The strings of requests and answers are bytes, one a
 * character; logs, traces and file names want text. Any thread.
 */
public final class HttpText {
  private HttpText() {}

  /**
   * The text of a byte string: UTF-8, or ISO-8859-1 where it is not that. What is plain ASCII, as
   * nearly everything is, costs a look at each character and comes back as it is; so does what is
   * no byte string.
   */
  public static String of(String bytes) {
    boolean ascii = true;
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      if (c > 0xff) {
        return bytes;
      }
      ascii &= c < 0x80;
    }
    return ascii ? bytes : decoded(bytes);
  }

  /** Whether a text is a byte string: each of its characters is one byte. */
  public static boolean isBytes(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        return false;
      }
    }
    return true;
  }

  private static String decoded(String bytes) {
    try {
      ByteBuffer raw = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
      return StandardCharsets.UTF_8.newDecoder().decode(raw).toString();
    } catch (CharacterCodingException notUtf8) {
      return bytes;
    }
  }
}
