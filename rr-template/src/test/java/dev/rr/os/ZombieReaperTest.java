package dev.rr.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The test's own process adopts orphans, as the first process of a container does. */
final class ZombieReaperTest {
  private static final int PR_SET_CHILD_SUBREAPER = 36;

  private final ZombieReaper reaper = new ZombieReaper();

  @BeforeEach
  void adopt() throws Throwable {
    adopting(1);
  }

  @AfterEach
  void adoptNoMore() throws Throwable {
    adopting(0);
  }

  private static void adopting(long on) throws Throwable {
    var l = ValueLayout.JAVA_LONG;
    var i = ValueLayout.JAVA_INT;
    int refused =
        (int)
            Libc.function("prctl", i, i, l, l, l, l)
                .invokeExact(PR_SET_CHILD_SUBREAPER, on, 0L, 0L, 0L);
    assertThat(refused).isZero();
  }

  @Test
  void whatAWorkerLeftBehindIsReaped() throws Exception {
    String pid = output("(exec sleep 0.1) > /dev/null & echo $!");
    await(() -> state(pid).equals("Z"));
    reaper.look();
    assertThat(state(pid)).isEqualTo("Z");
    reaper.look();
    assertThat(state(pid)).isEmpty();
  }

  @Test
  void theEndOfAnOwnProcessIsStillTold() throws Exception {
    Process own = new ProcessBuilder("sh", "-c", "exit 7").start();
    for (int i = 0; i < 100 && own.isAlive(); i++) {
      reaper.look();
      own.waitFor(10, TimeUnit.MILLISECONDS);
    }
    assertThat(own.waitFor()).isEqualTo(7);
  }

  @Test
  void nothingRunsWhereThisIsNotTheFirstProcess() {
    assertThat(ZombieReaper.startAsFirstProcess()).isNull();
  }

  private static String output(String script) throws Exception {
    Process shell = new ProcessBuilder("sh", "-c", script).start();
    String text = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    shell.waitFor();
    return text.strip();
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.holds() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(condition.holds()).isTrue();
  }

  /** The letter of a process's state; empty when there is no such process. */
  private static String state(String pid) throws IOException {
    try {
      String stat = Files.readString(Path.of("/proc", pid, "stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
    } catch (NoSuchFileException gone) {
      return "";
    }
  }
}
