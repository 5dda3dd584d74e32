package dev.rr.plugin.applogger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.log.Log;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AppLoggerPluginTest {
  private final List<String> lines = new ArrayList<>();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final AppLoggerPlugin plugin =
      new AppLoggerPlugin(name ->
          new Log() {
            @Override
            public boolean enabled(Level level) {
              return true;
            }

            @Override
            public void log(
                Level level,
                String message,
                @Nullable Throwable error,
                @Nullable Object... attributes) {
              lines.add(name + " " + level + " " + message);
            }
          });
  private final PrintStream before = System.err;

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(stderr, false, UTF_8));
  }

  @AfterEach
  void leave() {
    System.setErr(before);
  }

  @Test
  void logsToTheChannelAppAtTheMethodsLevel() {
    plugin.error("e");
    plugin.warning("w");
    plugin.info("i");
    plugin.debug("d");
    assertThat(lines).containsExactly("app ERROR e", "app WARN w", "app INFO i", "app DEBUG d");
    assertThat(stderr.size()).isZero();
  }

  @Test
  void logWritesTextToStandardErrorWithExactlyOneLineFeed() {
    plugin.log("plain é");
    plugin.log("ended\n");
    plugin.log("");
    assertThat(stderr.toString(UTF_8)).isEqualTo("plain é\nended\n\n");
    assertThat(lines).isEmpty();
  }
}
