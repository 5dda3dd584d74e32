package dev.rr.http;

/**
 * Control characters, which may stand in no field (RFC 9110, section 5.5), but for the tab. Any
 * thread.
 */
public final class Controls {
  private Controls() {}

  /** Whether this character or byte is one. */
  public static boolean is(int c) {
    return c < 0x20 && c != '\t' || c == 0x7f;
  }

  /** Whether one stands in this text. */
  public static boolean in(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (is(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}
