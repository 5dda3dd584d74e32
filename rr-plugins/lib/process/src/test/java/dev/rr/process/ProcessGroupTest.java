package dev.rr.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.ProcessCheck;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessGroupTest {
  @TempDir Path folder;

  @Test
  void killsWhatTheProcessStarted() throws Exception {
    Process shell = start("sleep 300 & echo $!; wait");
    long child = firstNumber(shell);
    ProcessGroup.kill(shell);
    assertThat(shell.waitFor()).isEqualTo(128 + 9);
    assertThat(ProcessEnd.text(shell)).isEqualTo("killed by signal 9");
    ProcessCheck.awaitEnd(child);
  }

  @Test
  void killsWhatAProcessLeftBehind() throws Exception {
    Process shell = start("sleep 300 >/dev/null 2>&1 & echo $!; exit 3");
    long child = firstNumber(shell);
    shell.waitFor();
    assertThat(ProcessEnd.text(shell)).isEqualTo("exit code 3");
    ProcessGroup.killGroup(shell);
    ProcessCheck.awaitEnd(child);
  }

  @Test
  void interruptsAProcessThatHasNotComeToLeadItsGroupYet() throws Exception {
    for (int i = 0; i < 20; i++) {
      Process justStarted = start("exec sleep 300");
      ProcessGroup.interrupt(justStarted);
      assertThat(justStarted.waitFor(20, TimeUnit.SECONDS)).as("it ended").isTrue();
    }
  }

  private static long firstNumber(Process process) throws Exception {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    return Long.parseLong(out.readLine());
  }

  private Process start(String script) throws Exception {
    ProcessCommand shell =
        new ProcessCommand(
            List.of("sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"), folder, Optional.empty());
    return ProcessStarter.prepare(shell).start();
  }
}
