package dev.rr.plugin.headers;

/** Header names in canonical spelling. */
final class CanonicalNames {
  private CanonicalNames() {}

  /** {@code x-real-ip} becomes {@code X-Real-Ip}. */
  static String canonical(String name) {
    StringBuilder out = new StringBuilder(name.length());
    boolean upper = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      out.append(upper ? Character.toUpperCase(c) : Character.toLowerCase(c));
      upper = c == '-';
    }
    return out.toString();
  }
}
