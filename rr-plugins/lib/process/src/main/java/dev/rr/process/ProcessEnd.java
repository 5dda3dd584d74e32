package dev.rr.process;

/** Says how a process ended. Any thread. */
public final class ProcessEnd {
  // Process shows an end by signal as 128 and the signal's number, of which there are 64.
  private static final int SIGNALLED = 128;
  private static final int SIGNALS = 64;

  private ProcessEnd() {}

  /** As in "it ended: exit code 3", "killed by signal 9" or "it is still running". */
  public static String text(Process process) {
    if (process.isAlive()) {
      return "it is still running";
    }
    int code = process.exitValue();
    return code > SIGNALLED && code <= SIGNALLED + SIGNALS
        ? "killed by signal " + (code - SIGNALLED)
        : "exit code " + code;
  }
}
