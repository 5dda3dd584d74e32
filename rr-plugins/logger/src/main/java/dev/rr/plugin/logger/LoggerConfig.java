package dev.rr.plugin.logger;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The section {@code logs}: the root's keys, and channels that differ from it. */
@ConfigSection("logs")
record LoggerConfig(
    @Key(fallback = "development", doc = "How lines look.") Mode mode,
    @Key(fallback = "debug", doc = "The lowest level that is written.") Threshold level,
    @Key(fallback = "mode", doc = "Overrides the line format of production and development.")
        Encoding encoding,
    @Key(fallback = "stderr", doc = "stderr, stdout or files; all of them are written.")
        List<String> output,
    @Key(doc = "Read and not used.") List<String> errOutput,
    @Key(doc = "Read and not used.") List<String> errorOutput,
    @Key(name = "erroroutput", doc = "Read and not used.") List<String> oldErrorOutput,
    @Key(doc = "What ends a line; a line feed when empty.") String lineEnding,
    @Key(doc = "Whether lines of a format have no ending.") boolean skipLineEnding,
    @Key(doc = "A template that overrides the mode.") String format,
    @Key(doc = "The time in a format, written as Go's reference time; RFC 3339 when empty.")
        String timeFormat,
    @Key(doc = "Writes JSON to a file that is replaced when full, instead of the output.")
        Optional<RotationConfig> fileLoggerOptions,
    @Key(doc = "Channels by name; they inherit nothing from the root.")
        Map<String, ChannelConfig> channels,
    @Key(doc = "Channels of Java libraries: the beginning of a logger's name, and the channel.")
        Map<String, String> libraries,
    @Key(fallback = "warn", doc = "The lowest level of Java libraries that is written.")
        Threshold libraryLevel)
    implements Checked {
  LoggerConfig {
    // Who logs knows channels by names in lower case.
    Map<String, ChannelConfig> named = new LinkedHashMap<>();
    channels.forEach((name, channel) -> named.put(name.toLowerCase(Locale.ROOT), channel));
    channels = named;
  }

  /** The root's keys stand here, and nowhere else. */
  @Override
  public void check(Section at) {
    root().check(at);
  }

  ChannelConfig root() {
    return new ChannelConfig(
        mode,
        level,
        encoding,
        output,
        errOutput,
        errorOutput,
        oldErrorOutput,
        lineEnding,
        skipLineEnding,
        format,
        timeFormat,
        fileLoggerOptions);
  }

  /** What an absent section means. */
  static LoggerConfig of(ChannelConfig root, Map<String, ChannelConfig> channels) {
    return new LoggerConfig(
        root.mode(),
        root.level(),
        root.encoding(),
        root.output(),
        root.errOutput(),
        root.errorOutput(),
        root.oldErrorOutput(),
        root.lineEnding(),
        root.skipLineEnding(),
        root.format(),
        root.timeFormat(),
        root.fileLoggerOptions(),
        channels,
        Map.of(),
        Threshold.WARN);
  }
}
