package dev.rr.plugin.logger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Writes times. Their text is made once a second: that is two thirds of a line's cost otherwise.
 * Any thread.
 */
final class Timestamp {
  private final DateTimeFormatter layout;
  private final ZoneId zone;
  private volatile Second last;

  private record Second(long epoch, byte[] text) {}

  Timestamp(String layout, ZoneId zone) {
    this.layout = GoTimeLayout.of(layout);
    this.zone = zone;
    this.last = second(Instant.EPOCH);
  }

  private Second second(Instant time) {
    String text = layout.format(time.atZone(zone));
    return new Second(time.getEpochSecond(), text.getBytes(StandardCharsets.UTF_8));
  }

  void write(LineBuffer out, Instant time) {
    Second second = last;
    if (second.epoch != time.getEpochSecond()) {
      second = second(time);
      last = second;
    }
    out.put(second.text);
  }
}
