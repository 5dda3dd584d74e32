package dev.rr.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Dates as HTTP writes and reads them (RFC 9110, section 5.6.7). Resolution: one second. Any
 * thread.
 */
public final class HttpDates {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final List<DateTimeFormatter> READ =
      List.of(
          IMF_FIXDATE,
          // Two digits mean a year within the century that ends in 49 years.
          new DateTimeFormatterBuilder()
              .appendPattern("EEEE, dd-MMM-")
              .appendValueReduced(java.time.temporal.ChronoField.YEAR, 2, 2, 1975)
              .appendPattern(" HH:mm:ss 'GMT'")
              .toFormatter(Locale.ENGLISH)
              .withZone(ZoneOffset.UTC),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
              .withZone(ZoneOffset.UTC));

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
