package dev.rr.plugin.logger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Configurer;
import dev.rr.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoggerConfigTest {
  @TempDir Path folder = Path.of("");

  private LoggerConfig read(String yaml) throws IOException {
    return configuration(yaml).bind(LoggerConfigBinder.INSTANCE);
  }

  private Configurer configuration(String yaml) throws IOException {
    Files.writeString(folder.resolve(".rr.yaml"), "version: '3'\n" + yaml);
    return Configuration.read(folder.resolve(".rr.yaml"));
  }

  @Test
  void defaults() throws IOException {
    ChannelConfig expected = Channels.to("stderr").build();
    assertThat(read("").root()).isEqualTo(expected);
    assertThat(read("").libraryLevel()).isEqualTo(Threshold.WARN);
    assertThat(read("logs:\n").root()).isEqualTo(expected);
    assertThat(read("logs: {}\n").root()).isEqualTo(expected);
    assertThat(read("logs: {mode: '', level: '', output: []}\n").root()).isEqualTo(expected);
  }

  @Test
  void everyKey() throws IOException {
    LoggerConfig config =
        read(
            """
            logs:
              mode: Production
              level: WARNING
              encoding: json
              output: [stdout, a.log]
              err_output: [stderr]
              error_output: [stderr]
              errorOutput: [stderr]
              line_ending: "\\r\\n"
              skip_line_ending: true
              format: "%message%"
              time_format: "15:04:05"
              file_logger_options:
                log_output: /tmp/my.log
                max_size: 1
                max_age: 2
                max_backups: 3
                compress: true
              channels:
                HTTP: {mode: none, level: panic}
              libraries: {org.Example: http}
              library_level: error
            """);
    assertThat(config.root())
        .isEqualTo(
            new ChannelConfig(
                Mode.PRODUCTION,
                Threshold.WARNING,
                Encoding.JSON,
                List.of("stdout", "a.log"),
                List.of("stderr"),
                List.of("stderr"),
                List.of("stderr"),
                "\r\n",
                true,
                "%message%",
                "15:04:05",
                Optional.of(new RotationConfig("/tmp/my.log", 1, 2, 3, true))));
    assertThat(config.channels())
        .isEqualTo(
            Map.of("http", Channels.to("stderr").mode(Mode.NONE).level(Threshold.PANIC).build()));
    assertThat(config.libraries()).isEqualTo(Map.of("org.Example", "http"));
    assertThat(config.libraryLevel()).isEqualTo(Threshold.ERROR);
  }

  @Test
  void everyMistakeAtOnce() throws IOException {
    Configurer wrong =
        configuration(
            """
            logs:
              mode: prodution
              level: eror
              file_logger_options: {max_size: big}
              channels:
                http: {level: inof}
            """);
    assertThatThrownBy(() -> wrong.bind(LoggerConfigBinder.INSTANCE))
        .hasMessage(
            """
            .rr.yaml:3: logs.mode: "prodution" is not one of none, off, production, development, raw; did you mean production?
            .rr.yaml:4: logs.level: "eror" is not one of debug, info, warn, warning, error, dpanic, panic, fatal; did you mean error?
            .rr.yaml:5: logs.file_logger_options.max_size: "big" is not a whole number; allowed: 0 to 1000000
            .rr.yaml:7: logs.channels.http.level: "inof" is not one of debug, info, warn, warning, error, dpanic, panic, fatal; did you mean info?\
            """);
  }

  @Test
  void misspeltKeysAreFoundInChannelsToo() throws IOException {
    assertThat(
            configuration("logs: {levl: info, channels: {http: {otput: x}}}\n")
                .unknownKeys(List.of(LoggerConfigBinder.INSTANCE.schema())))
        .extracting(Object::toString)
        .containsExactly(
            ".rr.yaml:2: logs.levl: unknown key; did you mean level?",
            ".rr.yaml:2: logs.channels.http.otput: unknown key; did you mean output?");
  }
}
