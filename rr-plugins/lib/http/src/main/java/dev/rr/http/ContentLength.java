package dev.rr.http;

/** Reads values of {@code Content-Length} (RFC 9110, section 8.6). Any thread. */
public final class ContentLength {
  private ContentLength() {}

  /** Bytes; -1 when the text is not made of digits alone, or has more than 18 of them. */
  public static long parse(String text) {
    if (text.isEmpty() || text.length() > 18) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
