package dev.rr.plugin.logger;

import dev.rr.api.log.Log;
import java.nio.charset.StandardCharsets;

/**
 * {@code {"level":"info","ts":1767355200012345000,"logger":"http","msg":"…","status":200}}: the
 * names, words and times of upstream's production lines, which programs read; the time is
 * nanoseconds since 1970.
 */
final class JsonEncoder implements LineEncoder {
  private final byte[] ending;

  JsonEncoder(String ending) {
    this.ending = ending.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void encode(LineBuffer out, Record line) {
    out.text("{\"level\":\"").text(word(line.level()));
    out.text("\",\"ts\":").nanos(line.time());
    out.text(",\"logger\":\"").json(line.logger());
    out.text("\",\"msg\":\"").json(line.message()).put('"');
    attributes(out, line, false, false);
    Throwable error = line.error();
    if (error != null && line.stack()) {
      out.text(",\"stack\":\"").json(LogValues.stack(error)).put('"');
    }
    out.put('}').put(ending);
  }

  static boolean hasAttributes(Record line) {
    return line.count() > 0 || line.error() != null;
  }

  /** The attributes as an object behind a tab. */
  static void column(LineBuffer out, Record line) {
    out.put('\t').put('{');
    attributes(out, line, true, true);
    out.put('}');
  }

  private static String word(Log.Level level) {
    return switch (level) {
      case DEBUG -> "debug";
      case INFO -> "info";
      case WARN -> "warn";
      case ERROR -> "error";
    };
  }

  /** The attributes and the error's message as the members of a JSON object, without its braces. */
  static void attributes(LineBuffer out, Record line, boolean first, boolean spaced) {
    boolean start = first;
    for (int i = 0; i < line.count(); i++) {
      member(out, line.name(i), line.value(i), start, spaced);
      start = false;
    }
    if (line.error() != null) {
      member(out, "error", line.error(), start, spaced);
    }
  }

  private static void member(
      LineBuffer out,
      String name,
      @org.jspecify.annotations.Nullable Object value,
      boolean first,
      boolean spaced) {
    LogValues.comma(out, first, spaced);
    out.put('"').json(name).put('"').put(':');
    if (spaced) {
      out.put(' ');
    }
    LogValues.json(out, value, spaced);
  }
}
