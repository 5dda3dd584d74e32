package dev.rr.pool;

import java.io.EOFException;
import java.io.IOException;

/** Says in a user's words why a worker did not start. */
final class StartFailure {
  private static final String NO_SCRIPT = "Could not open input file";

  private StartFailure() {}

  /** One sentence for a process that was started and did not become a worker. */
  static String explain(WorkerCommand command, Process process, IOException cause) {
    boolean over = !process.isAlive();
    if (cause instanceof PrintedException printed) {
      return printed(command, printed.text());
    }
    if (cause instanceof EOFException) {
      return "the worker " + command.text() + " left before it was ready, " + exit(process, over);
    }
    return "the worker " + command.text() + " did not answer as a worker: " + cause.getMessage();
  }

  private static String printed(WorkerCommand command, String text) {
    if (text.startsWith(NO_SCRIPT)) {
      return "the script of the worker "
          + command.text()
          + " does not exist in "
          + command.directory()
          + ": "
          + text;
    }
    return "the worker "
        + command.text()
        + " printed text on stdout, which belongs to its answers, and left: "
        + Errors.validation(text);
  }

  /** How a process ended. */
  static String exit(Process process, boolean over) {
    if (!over || process.isAlive()) {
      return "it is still running";
    }
    int code = process.exitValue();
    // Process shows an end by signal as 128 and the signal's number.
    return code > 128 && code < 128 + 65 ? "killed by signal " + (code - 128) : "exit code " + code;
  }
}
