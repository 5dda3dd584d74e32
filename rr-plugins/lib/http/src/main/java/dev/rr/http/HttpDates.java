package dev.rr.http;

import static java.time.temporal.ChronoField.DAY_OF_MONTH;
import static java.time.temporal.ChronoField.HOUR_OF_DAY;
import static java.time.temporal.ChronoField.MINUTE_OF_HOUR;
import static java.time.temporal.ChronoField.MONTH_OF_YEAR;
import static java.time.temporal.ChronoField.SECOND_OF_MINUTE;
import static java.time.temporal.ChronoField.YEAR;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Dates as HTTP writes and reads them (RFC 9110, section 5.6.7). Resolution: one second. Any
 * thread.
 */
public final class HttpDates {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final List<DateTimeFormatter> READ =
      List.of(
          reading(IMF_FIXDATE),
          // Two digits mean a year within the century that ends in 49 years.
          reading(
              new DateTimeFormatterBuilder()
                  .appendPattern("EEEE, dd-MMM-")
                  .appendValueReduced(YEAR, 2, 2, 1975)
                  .appendPattern(" HH:mm:ss 'GMT'")
                  .toFormatter(Locale.ENGLISH)),
          reading(DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)));

  /** There has to be a weekday, but others read a date as well when it is the wrong one. */
  private static DateTimeFormatter reading(DateTimeFormatter form) {
    return form.withZone(ZoneOffset.UTC)
        .withResolverStyle(ResolverStyle.STRICT)
        .withResolverFields(
            YEAR, MONTH_OF_YEAR, DAY_OF_MONTH, HOUR_OF_DAY, MINUTE_OF_HOUR, SECOND_OF_MINUTE);
  }

  private HttpDates() {}

  /** Writes a date, for example {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
  public static String format(Instant at) {
    return IMF_FIXDATE.format(at);
  }

  /** Reads any of the three forms; empty when it is none. */
  public static Optional<Instant> parse(String text) {
    for (DateTimeFormatter form : READ) {
      try {
        return Optional.of(Instant.from(form.parse(text)));
      } catch (DateTimeException e) {
        // the next form may fit
      }
    }
    return Optional.empty();
  }
}
