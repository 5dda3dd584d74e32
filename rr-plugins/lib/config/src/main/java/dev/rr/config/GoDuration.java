package dev.rr.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Go's {@code time.ParseDuration} reads them: {@code 1h30m}, {@code 500ms}, {@code
 * .5s}, in any order of units and each as often as one likes. There is no unit for days, as Go has
 * none. Stateless; any thread.
 */
public final class GoDuration {
  /**
   * Digits, a fraction, a unit: each may be absent here, so that the message can say which is
   * missing.
   */
  private static final Pattern PART = Pattern.compile("([0-9]*)(?:\\.([0-9]*))?([a-zµμ]*)");

  /**
   * A duration of Go's is a count of nanoseconds in 64 bits with a sign: a little over 292 years.
   */
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  /**
   * In nanoseconds, as in Go's {@code time/format.go}. Micro has two letters that look alike: the
   * sign U+00B5, which keyboards give, and the Greek letter U+03BC, which normalized text has.
   */
  private static final Map<String, Long> UNITS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private static final Pattern DIGITS = Pattern.compile("[+-]?[0-9]+");

  private GoDuration() {}

  /**
   * As {@link #parse}, and digits alone are seconds: for keys that count them in upstream, or that
   * clients send so.
   *
   * @param text white space around it does not count
   */
  public static Duration parseSeconds(String text) {
    String given = text.strip();
    return parse(DIGITS.matcher(given).matches() ? given + "s" : given);
  }

  /**
   * Parses one. Exact: the sum is taken in decimals and what is below a nanosecond is dropped at
   * the end. A {@code 0} alone needs no unit, all else does. The result may be negative; who has no
   * use for that refuses it.
   *
   * @param text without white space around it, as Go allows none
   * @throws IllegalArgumentException with what is wrong, to be put after the value
   */
  public static Duration parse(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Duration.ZERO;
    }
    // Nothing that somebody meant is longer, and decimals of many digits take their time.
    if (rest.isEmpty() || rest.length() > 100) {
      throw new IllegalArgumentException("is not a duration");
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher part = PART.matcher(rest);
    int at = 0;
    while (at < rest.length()) {
      part.region(at, rest.length());
      if (!part.lookingAt() || part.end() == at) {
        throw new IllegalArgumentException("is not a duration");
      }
      nanos = nanos.add(nanos(part, part.end() == rest.length()));
      at = part.end();
    }
    if (nanos.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("is longer than 292 years");
    }
    Duration value = Duration.ofNanos(nanos.longValue());
    return negative ? value.negated() : value;
  }

  /** One number with its unit. A missing unit is told as such only where the text ends with it. */
  private static BigDecimal nanos(Matcher part, boolean last) {
    String whole = part.group(1);
    String fraction = part.group(2) == null ? "" : part.group(2);
    if (whole.isEmpty() && fraction.isEmpty()) {
      throw new IllegalArgumentException("is not a duration");
    }
    Long unit = UNITS.get(part.group(3));
    if (unit == null) {
      throw new IllegalArgumentException(
          !part.group(3).isEmpty()
              ? "has the unknown unit \"" + part.group(3) + "\""
              : last ? "has no unit" : "is not a duration");
    }
    BigDecimal number = new BigDecimal("0" + whole + "." + fraction + "0");
    return number.multiply(BigDecimal.valueOf(unit));
  }
}
