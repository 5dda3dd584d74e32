package dev.rr.plugin.websockets;

import java.util.Locale;

/**
 * Which origins may connect: all, one, or those between the two sides of the first {@code *}, in
 * any case. Immutable.
 */
final class OriginRule {
  private final String begin;
  private final String end;
  private final boolean exact;

  OriginRule(String allowed) {
    String lower = allowed.toLowerCase(Locale.ROOT);
    int star = lower.indexOf('*');
    this.exact = star < 0;
    this.begin = exact ? lower : lower.substring(0, star);
    this.end = exact ? "" : lower.substring(star + 1);
  }

  /** Whether a page of this origin may connect; a client that is no page has an empty one. */
  boolean allows(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    if (exact) {
      return lower.equals(begin);
    }
    return lower.length() >= begin.length() + end.length()
        && lower.startsWith(begin)
        && lower.endsWith(end);
  }
}
