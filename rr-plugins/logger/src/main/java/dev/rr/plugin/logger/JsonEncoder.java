package dev.rr.plugin.logger;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;

/** {@code {"time":"…","level":"INFO","msg":"…","logger":"http","status":200}}. */
final class JsonEncoder implements LineEncoder {
  private final Timestamp time =
      new Timestamp("2006-01-02T15:04:05", true, "Z07:00", ZoneId.systemDefault());
  private final byte[] ending;

  JsonEncoder(String ending) {
    this.ending = ending.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void encode(LineBuffer out, Record line) {
    out.text("{\"time\":\"");
    time.write(out, line.time());
    out.text("\",\"level\":\"").text(line.level().name());
    out.text("\",\"msg\":\"").json(line.message());
    out.text("\",\"logger\":\"").json(line.logger()).put('"');
    attributes(out, line, false, false);
    Throwable error = line.error();
    if (error != null && line.stack()) {
      out.text(",\"stack\":\"").json(Values.stack(error)).put('"');
    }
    out.put('}').put(ending);
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
    Values.comma(out, first, spaced);
    out.put('"').json(name).put('"').put(':');
    if (spaced) {
      out.put(' ');
    }
    Values.json(out, value, spaced);
  }
}
