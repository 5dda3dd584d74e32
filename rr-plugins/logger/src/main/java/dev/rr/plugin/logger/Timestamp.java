package dev.rr.plugin.logger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Writes times. What stands before and after the fraction of a second is formatted once a second:
 * that is two thirds of a line's cost otherwise. Any thread.
 */
final class Timestamp {
  private final DateTimeFormatter before;
  private final DateTimeFormatter after;
  private final boolean micros;
  private final ZoneId zone;
  private volatile Second last;

  private record Second(long epoch, byte[] before, byte[] after) {}

  Timestamp(String before, boolean micros, String after, ZoneId zone) {
    this.before = GoTimeLayout.of(before);
    this.after = GoTimeLayout.of(after);
    this.micros = micros;
    this.zone = zone;
    this.last = second(Instant.EPOCH);
  }

  private Second second(Instant time) {
    var at = time.atZone(zone);
    return new Second(
        time.getEpochSecond(),
        before.format(at).getBytes(StandardCharsets.UTF_8),
        after.format(at).getBytes(StandardCharsets.UTF_8));
  }

  void write(LineBuffer out, Instant time) {
    Second second = last;
    if (second.epoch != time.getEpochSecond()) {
      second = second(time);
      last = second;
    }
    out.put(second.before);
    if (micros) {
      out.put('.').padded(time.getNano() / 1000, 6);
    }
    out.put(second.after);
  }
}
