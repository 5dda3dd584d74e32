package dev.rr.plugin.logger;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines after a template such as {@code %time% [%level%] %message% %attrs%}. */
final class FormatEncoder implements LineEncoder {
  private static final Pattern PLACEHOLDER =
      Pattern.compile("%(time|level|message|attrs|logger|source_file|source_line|source_func)%");
  private static final StackWalker WALKER = StackWalker.getInstance();

  private final List<Part> parts = new ArrayList<>();
  private final DateTimeFormatter time;
  private final boolean source;
  private final String ending;

  /** A placeholder, or text that stands for itself. */
  private record Part(boolean placeholder, String text) {}

  FormatEncoder(String format, String timeLayout, String ending, ZoneId zone) {
    this.time =
        GoTimeLayout.of(timeLayout.isEmpty() ? GoTimeLayout.RFC3339 : timeLayout).withZone(zone);
    this.ending = ending;
    Matcher matcher = PLACEHOLDER.matcher(format);
    int at = 0;
    while (matcher.find()) {
      parts.add(new Part(false, format.substring(at, matcher.start())));
      parts.add(new Part(true, matcher.group(1)));
      at = matcher.end();
    }
    parts.add(new Part(false, format.substring(at)));
    source = parts.stream().anyMatch(p -> p.placeholder && p.text.startsWith("source_"));
  }

  @Override
  public void encode(LineBuffer out, Record line) {
    Optional<StackWalker.StackFrame> caller = source ? caller() : Optional.empty();
    for (Part part : parts) {
      if (!part.placeholder) {
        out.text(part.text);
        continue;
      }
      switch (part.text) {
        case "time" -> out.text(time.format(line.time()));
        case "level" -> out.text(line.level().name());
        case "message" -> out.text(line.message());
        case "attrs" -> attributes(out, line);
        case "logger" -> out.text(line.logger());
        case "source_file" -> caller.ifPresent(f -> out.text(String.valueOf(f.getFileName())));
        case "source_line" -> caller.ifPresent(f -> out.number(f.getLineNumber()));
        default -> caller.ifPresent(f -> out.text(f.getMethodName()));
      }
    }
    Throwable error = line.error();
    if (error != null && line.stack()) {
      out.put('\n').text(LogValues.stack(error));
    }
    out.text(ending);
  }

  private boolean namesLogger() {
    return parts.stream().anyMatch(p -> p.placeholder && p.text.equals("logger"));
  }

  private void attributes(LineBuffer out, Record line) {
    boolean first = true;
    if (!namesLogger()) {
      pair(out, "logger", line.logger(), true);
      first = false;
    }
    for (int i = 0; i < line.count(); i++) {
      pair(out, line.name(i), LogValues.text(line.value(i)), first);
      first = false;
    }
    if (line.error() != null) {
      pair(out, "error", LogValues.message(line.error()), first);
    }
  }

  private static void pair(LineBuffer out, String name, String value, boolean first) {
    if (!first) {
      out.put(' ');
    }
    out.text(name).put('=').text(value);
  }

  private static Optional<StackWalker.StackFrame> caller() {
    String own = FormatEncoder.class.getPackageName() + ".";
    return WALKER.walk(frames ->
        frames
            .filter(f -> !f.getClassName().startsWith(own))
            .filter(f -> !f.getClassName().startsWith("dev.rr.api.log."))
            .findFirst());
  }
}
