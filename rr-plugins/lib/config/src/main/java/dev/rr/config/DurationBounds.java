package dev.rr.config;

import java.time.Duration;

/**
 * What a key may say that tells how long, in seconds or with a unit. Immutable.
 *
 * @param shortest the least that is allowed, beside zero
 * @param longest the most
 */
public record DurationBounds(Duration shortest, Duration longest) {
  /**
   * Reads one: a number alone is seconds; nothing and zero are the fallback.
   *
   * @throws IllegalArgumentException says what is wrong with it, and what is allowed
   */
  public Duration parse(String text, Duration fallback) {
    if (text.isBlank()) {
      return fallback;
    }
    Duration read;
    try {
      read = GoDuration.parseSeconds(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' " + e.getMessage() + "; allowed are seconds, such as 5, and 1m30s", e);
    }
    if (read.isZero()) {
      return fallback;
    }
    if (read.compareTo(shortest) < 0 || read.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is not between " + text(shortest) + " and " + text(longest));
    }
    return read;
  }

  /** In the largest unit of which it is a whole number. */
  private static String text(Duration bound) {
    if (bound.toMillisPart() > 0) {
      return bound.toMillis() + "ms";
    }
    boolean isHours = bound.isPositive() && bound.toSeconds() % 3600 == 0;
    return isHours ? bound.toHours() + "h" : bound.toSeconds() + "s";
  }
}
