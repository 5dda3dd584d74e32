package dev.rr.plugin.logger;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.util.List;
import java.util.Optional;

/**
 * One channel, {@code logs.channels.<name>}, or the root. Channels inherit nothing from the root.
 */
@ConfigSection
record ChannelConfig(
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
    @Key(
            doc =
                "A template that overrides the mode: %time% %level% %message% %attrs% %logger%"
                    + " %source_file% %source_line% %source_func%.")
        String format,
    @Key(doc = "The time in a format, written as Go's reference time; RFC 3339 when empty.")
        String timeFormat,
    @Key(doc = "Writes JSON to a file that is replaced when full, instead of the output.")
        Optional<RotationConfig> fileLoggerOptions)
    implements Checked {

  ChannelConfig {
    output = output.isEmpty() ? List.of("stderr") : List.copyOf(output);
  }

  @Override
  public void check(Section at) {
    if (!timeFormat.isEmpty()) {
      at.parse("time_format", () -> GoTimeLayout.of(timeFormat));
    }
  }

  /** Everything at its default. */
  static ChannelConfig defaults() {
    return new ChannelConfig(
        Mode.DEVELOPMENT,
        Threshold.DEBUG,
        Encoding.MODE,
        List.of("stderr"),
        List.of(),
        List.of(),
        List.of(),
        "",
        false,
        "",
        "",
        Optional.empty());
  }
}
