package dev.rr.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 1h30m}, {@code 500ms}, {@code .5s}. Stateless. */
public final class GoDuration {
  private static final Pattern PART = Pattern.compile("([0-9]*)(?:\\.([0-9]*))?([a-zµμ]*)");
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);
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

  private GoDuration() {}

  /**
   * Parses.
   *
   * @throws IllegalArgumentException with what is wrong, to be put after the value
   */
  public static Duration parse(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Duration.ZERO;
    }
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
