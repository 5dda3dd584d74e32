package dev.rr.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
  @TempDir Path folder;

  private ChildProcess.Result sh(String script, Duration limit) throws Exception {
    return ChildProcess.run(List.of("sh", "-c", script), folder, Map.of("WORD", "there"), limit);
  }

  @Test
  void exitCodeAndBothOutputsAreKept() throws Exception {
    assertThat(sh("echo hello; echo $WORD >&2; exit 3", Duration.ofSeconds(30)))
        .isEqualTo(new ChildProcess.Result(3, "hello\nthere"));
  }

  @Test
  void whatTakesTooLongIsEndedWithItsChildren() throws Exception {
    ChildProcess.Result result = sh("echo begun; sleep 600; echo never", Duration.ofSeconds(1));
    assertThat(result).isEqualTo(new ChildProcess.Result(-1, "begun"));
  }

  @Test
  void whatIsSaidPastABoundIsReadAndForgotten() throws Exception {
    ChildProcess.Result result = sh("yes | head -c 3000000", Duration.ofSeconds(30));
    assertThat(result.exit()).isZero();
    assertThat(result.output()).hasSizeLessThanOrEqualTo(1 << 20);
  }
}
