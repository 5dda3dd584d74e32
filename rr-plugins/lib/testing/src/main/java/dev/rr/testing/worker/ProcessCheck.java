package dev.rr.testing.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Looks whether processes run that have lost their parent. In a container whose first process does
 * not wait for such orphans, they stay as zombies when they have ended, which {@link ProcessHandle}
 * takes for alive. Any thread.
 */
public final class ProcessCheck {
  private static final Path PROC = Path.of("/proc");

  private ProcessCheck() {}

  /** Whether the process is there and has not ended. */
  public static boolean runs(long pid) {
    if (!Files.isDirectory(PROC.resolve("self"))) {
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
      // Behind the name, which stands in parentheses and may hold anything: proc_pid_stat(5).
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state != 'Z' && state != 'X';
    } catch (IOException gone) {
      return false;
    }
  }

  /** Waits until the process has ended. */
  public static void awaitEnd(long pid) {
    Await.until("the process " + pid + " has ended", () -> !runs(pid));
  }
}
