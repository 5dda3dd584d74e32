package dev.rr.pool;

import dev.rr.process.ProcessCommand;
import dev.rr.process.ProcessEnd;
import java.io.EOFException;
import java.io.IOException;

/** Says in a user's words why a worker did not start. */
final class StartFailure {
  private static final String NO_SCRIPT = "Could not open input file";

  private StartFailure() {}

  /** One sentence for a process that was started and did not become a worker. */
  static String explain(ProcessCommand command, Process process, IOException cause) {
    if (cause instanceof PrintedException printed) {
      return printed(command, printed.text());
    }
    if (cause instanceof EOFException) {
      return "the worker "
          + command.text()
          + " left before it was ready, "
          + ProcessEnd.text(process);
    }
    return "the worker " + command.text() + " did not answer as a worker: " + cause.getMessage();
  }

  private static String printed(ProcessCommand command, String text) {
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
        + Errors.validation(text).getMessage();
  }
}
