package dev.rr.plugin.kv;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Moments as clients write them: RFC 3339, read as Go does and with its errors, written with whole
 * seconds and the offset that the PHP package writes, which refuses fractions.
 */
final class Timestamps {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'+00:00'").withZone(ZoneOffset.UTC);

  /** The first and the last moment whose year has four digits. */
  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private final String text;
  private int at;

  private Timestamps(String text) {
    this.text = text;
  }

  /** Whole seconds; a moment beyond what can be written becomes the nearest that can. */
  static String format(Instant moment) {
    Instant earliest = moment.isBefore(FIRST) ? FIRST : moment;
    return SECONDS.format(earliest.isAfter(LAST) ? LAST : earliest);
  }

  /**
   * Reads a moment.
   *
   * @throws IllegalArgumentException in Go's words, with the text for the caller
   */
  static Instant parse(String text) {
    return new Timestamps(text).moment();
  }

  private Instant moment() {
    int year = number("2006", 4, 0, 9999);
    skip('-');
    int month = number("01", 2, 1, 12);
    skip('-');
    int day = number("02", 2, 1, 31);
    skip('T');
    int hour = number("15", 2, 0, 23);
    skip(':');
    int minute = number("04", 2, 0, 59);
    skip(':');
    int second = number("05", 2, 0, 59);
    long nanos = fraction();
    long offset = offset();
    if (at < text.length()) {
      throw failure("extra text: " + quoted(text.substring(at)));
    }
    long seconds = day(year, month, day) * 86_400 + hour * 3_600L + minute * 60L + second;
    return Instant.ofEpochSecond(seconds - offset, nanos);
  }

  private long day(int year, int month, int day) {
    try {
      return LocalDate.of(year, month, day).toEpochDay();
    } catch (DateTimeException e) {
      throw failure("day out of range");
    }
  }

  /** In nanoseconds. */
  private long fraction() {
    if (at + 1 >= text.length() || ".,".indexOf(text.charAt(at)) < 0 || digit(at + 1) < 0) {
      return 0;
    }
    long nanos = 0;
    long unit = 100_000_000;
    for (at++; digit(at) >= 0; at++, unit /= 10) {
      nanos += digit(at) * unit;
    }
    return nanos;
  }

  /** In seconds, east of Greenwich. */
  private long offset() {
    if (at < text.length() && text.charAt(at) == 'Z') {
      at++;
      return 0;
    }
    boolean whole =
        text.length() >= at + 6
            && "+-".indexOf(text.charAt(at)) >= 0
            && text.charAt(at + 3) == ':'
            && digit(at + 1) >= 0
            && digit(at + 2) >= 0
            && digit(at + 4) >= 0
            && digit(at + 5) >= 0;
    if (!whole) {
      throw unreadable("Z07:00");
    }
    int hours = digit(at + 1) * 10 + digit(at + 2);
    int minutes = digit(at + 4) * 10 + digit(at + 5);
    if (hours > 24 || minutes > 59) {
      throw failure("time zone offset " + (hours > 24 ? "hour" : "minute") + " out of range");
    }
    int sign = text.charAt(at) == '-' ? -1 : 1;
    at += 6;
    return sign * (hours * 3_600L + minutes * 60L);
  }

  private int number(String element, int digits, int min, int max) {
    int value = 0;
    for (int i = at; i < at + digits; i++) {
      if (digit(i) < 0) {
        throw unreadable(element);
      }
      value = value * 10 + digit(i);
    }
    if (value < min || value > max) {
      throw failure(name(element) + " out of range");
    }
    at += digits;
    return value;
  }

  private static String name(String element) {
    return switch (element) {
      case "01" -> "month";
      case "02" -> "day";
      case "15" -> "hour";
      case "04" -> "minute";
      default -> "second";
    };
  }

  /** Below zero where there is none. */
  private int digit(int index) {
    int value = index < text.length() ? text.charAt(index) - '0' : -1;
    return value > 9 ? -1 : value;
  }

  private void skip(char expected) {
    if (at >= text.length() || text.charAt(at) != expected) {
      throw unreadable(String.valueOf(expected));
    }
    at++;
  }

  private IllegalArgumentException unreadable(String element) {
    return new IllegalArgumentException(
        "parsing time "
            + quoted(text)
            + " as \"2006-01-02T15:04:05Z07:00\": cannot parse "
            + quoted(text.substring(Math.min(at, text.length())))
            + " as "
            + quoted(element));
  }

  private IllegalArgumentException failure(String what) {
    return new IllegalArgumentException("parsing time " + quoted(text) + ": " + what);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
