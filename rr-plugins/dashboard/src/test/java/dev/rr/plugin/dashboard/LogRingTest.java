package dev.rr.plugin.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.log.Log.Level;
import dev.rr.api.log.LogTail;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogRingTest {
  private final LogRing ring = new LogRing();

  private void say(Level level, String message) {
    if (ring.takes(level)) {
      ring.line(new LogTail.Line(Instant.EPOCH, level, "http", message, ""));
    }
  }

  @Test
  void keepsTheLastLinesAndTellsWhatIsNew() {
    for (int i = 1; i <= LogRing.LINES + 5; i++) {
      say(Level.WARN, "line " + i);
    }
    LogRing.Tail all = ring.after(0);
    assertThat(all.lines()).hasSize(LogRing.LINES);
    assertThat(all.lines().getFirst().message()).isEqualTo("line 6");

    assertThat(ring.after(all.last()).lines()).isEmpty();
    say(Level.ERROR, "new");
    assertThat(ring.after(all.last()).lines())
        .extracting(LogTail.Line::message)
        .containsExactly("new");
  }

  @Test
  void ofAFloodWarningsAreKeptAndTheRestIsCounted() {
    for (int i = 0; i < 10 * LogRing.PER_SECOND; i++) {
      say(Level.INFO, "flood");
    }
    say(Level.WARN, "warning");

    LogRing.Tail all = ring.after(0);
    assertThat(all.skipped()).isPositive();
    assertThat(all.lines().getLast().message()).isEqualTo("warning");
  }

  @Test
  void aLongLineIsCut() {
    say(Level.INFO, "x".repeat(100_000));

    assertThat(ring.after(0).lines().getFirst().message()).hasSize(1_001).endsWith("…");
  }
}
