package dev.rr.api.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RateLimitedLogTest {
  private final List<String> written = new ArrayList<>();
  private final Log log =
      new RateLimitedLog(
          new Log() {
            @Override
            public boolean enabled(Level level) {
              return level != Level.DEBUG;
            }

            @Override
            public void log(
                Level level,
                String message,
                @Nullable Throwable error,
                @Nullable Object... attributes) {
              written.add(message);
            }
          });

  @Test
  void aWarningIsWrittenOnceASecondAndOthersBesideIt() {
    long began = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      log.warn("often");
    }
    log.error("also");
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    assertThat((long) Collections.frequency(written, "often")).isBetween(1L, seconds + 1);
    assertThat(written).contains("also");
  }

  @Test
  void whatIsNoWarningIsWrittenAlways() {
    log.info("started");
    log.info("started");
    assertThat(written).containsExactly("started", "started");
    assertThat(log.enabled(Log.Level.DEBUG)).isFalse();
  }
}
