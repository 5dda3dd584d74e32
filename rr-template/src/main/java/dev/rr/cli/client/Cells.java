package dev.rr.cli.client;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/** Figures as people read them, in upstream's words. Stateless. */
final class Cells {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  private static final long DAY = 24 * 3600;
  private static final long MONTH = 30 * DAY;
  private static final long YEAR = 12 * MONTH;

  private Cells() {}

  /** {@code 82854982} is {@code 83 MB}, {@code 4500000} is {@code 4.5 MB}. */
  static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    boolean small = unit > 0 || bytes >= 10;
    double tenths = Math.floor(value * 10 + 0.5) / 10;
    return String.format(
        Locale.ROOT, tenths < 10 && small ? "%.1f %s" : "%.0f %s", tenths, UNITS[unit]);
  }

  /** {@code 1234567} is {@code 1,234,567}. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** Two decimals. */
  static String percent(double percent) {
    return new BigDecimal(percent).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
  }

  /** How long ago something was: {@code now}, {@code 3 minutes ago}, {@code 1 day ago}. */
  static String ago(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 1) {
      return "now";
    }
    if (seconds < 60) {
      return plural(seconds, "second");
    }
    if (seconds < 3600) {
      return plural(seconds / 60, "minute");
    }
    return seconds < DAY ? plural(seconds / 3600, "hour") : longAgo(seconds);
  }

  private static String longAgo(long seconds) {
    if (seconds < 7 * DAY) {
      return plural(seconds / DAY, "day");
    }
    if (seconds < MONTH) {
      return plural(seconds / (7 * DAY), "week");
    }
    if (seconds < YEAR) {
      return plural(seconds / MONTH, "month");
    }
    // Upstream rounds the second half of the second year up.
    return plural(seconds >= 18 * MONTH && seconds < 2 * YEAR ? 2 : seconds / YEAR, "year");
  }

  private static String plural(long number, String unit) {
    return number + " " + unit + (number == 1 ? " ago" : "s ago");
  }
}
