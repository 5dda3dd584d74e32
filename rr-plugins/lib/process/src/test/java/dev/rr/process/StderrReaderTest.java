package dev.rr.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.RecordingLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StderrReaderTest {
  private static final long LONG = Duration.ofSeconds(30).toMillis();

  @TempDir Path folder;

  @Test
  void keepsTheLastTwentyLines() throws Exception {
    assertThat(lastOf("seq 1 100 >&2").lines()).hasSize(20).startsWith("81").endsWith("100");
  }

  @Test
  void keepsTheBeginningOfALineThatIsTooLong() throws Exception {
    assertThat(lastOf("head -c 10000 /dev/zero | tr '\\0' x >&2")).containsPattern("^x{1,4096}");
  }

  @Test
  void saysNothingOfAProcessThatSaidNothing() throws Exception {
    assertThat(lastOf("true")).isEmpty();
  }

  private String lastOf(String script) throws Exception {
    ProcessCommand shell =
        new ProcessCommand(
            List.of("sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"), folder, Optional.empty());
    StderrReader reader =
        StderrReader.start("test", ProcessStarter.prepare(shell).start(), new RecordingLog());
    reader.settle(LONG);
    return reader.lastLines();
  }
}
