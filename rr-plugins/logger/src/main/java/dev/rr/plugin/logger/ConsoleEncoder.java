package dev.rr.plugin.logger;

import dev.rr.api.log.Log;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;

/** Columns separated by tabs: time, level, channel padded to 12, message, attributes as JSON. */
final class ConsoleEncoder implements LineEncoder {
  private static final int CHANNEL_WIDTH = 12;
  private static final String RESET = "\u001b[0m";
  private static final String GREEN = "\u001b[92m";

  private final Timestamp time = new Timestamp("2006-01-02T15:04:05-0700", ZoneOffset.UTC);
  private final byte[] ending;
  private final boolean colours;

  ConsoleEncoder(String ending, boolean colours) {
    this.ending = ending.getBytes(StandardCharsets.UTF_8);
    this.colours = colours;
  }

  @Override
  public void encode(LineBuffer out, Record line) {
    time.write(out, line.time());
    out.put('\t');
    coloured(out, colour(line.level()), line.level().name());
    out.put('\t');
    coloured(out, GREEN, line.logger());
    for (int i = line.logger().length(); i < CHANNEL_WIDTH; i++) {
      out.put(' ');
    }
    out.put('\t').text(line.message());
    if (JsonEncoder.hasAttributes(line)) {
      JsonEncoder.column(out, line);
    }
    Throwable error = line.error();
    if (error != null && line.stack()) {
      out.put('\n').text(LogValues.stack(error));
    }
    out.put(ending);
  }

  private void coloured(LineBuffer out, String colour, String text) {
    if (colours) {
      out.text(colour).text(text).text(RESET);
    } else {
      out.text(text);
    }
  }

  private static String colour(Log.Level level) {
    return switch (level) {
      case DEBUG -> "\u001b[97m";
      case INFO -> "\u001b[96m";
      case WARN -> "\u001b[93m";
      case ERROR -> "\u001b[91m";
    };
  }
}
