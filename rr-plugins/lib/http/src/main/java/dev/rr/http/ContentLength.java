package dev.rr.http;

/** Numbers in headers. Any thread. */
public final class ContentLength {
  private ContentLength() {}

  /** The number, or -1 when it is not made of digits or larger than anything could be. */
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
