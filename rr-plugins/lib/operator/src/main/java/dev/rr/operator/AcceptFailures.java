package dev.rr.operator;

import dev.rr.api.log.Log;
import dev.rr.api.log.OncePerSecond;
import dev.rr.net.OpenFiles;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Says in rr's words that files have run out, instead of XNIO, which waits then before it accepts
 * again (a quarter of a second, at most four) and logs each wait; one line a second at most. Any
 * thread.
 */
final class AcceptFailures implements Filter {
  /** XNIO's id of "Socket accept failed, backing off". */
  private static final String BACKING_OFF = "XNIO008001";

  // Loggers without a reference are collected, and their filters with them.
  private static final Logger XNIO = Logger.getLogger("org.xnio.nio");

  private final Log log;
  private final OncePerSecond failures = new OncePerSecond();

  private AcceptFailures(Log log) {
    this.log = log;
  }

  /** Has the last listener that started tell for all: the files are the process's. */
  static void tell(Log log) {
    XNIO.setFilter(new AcceptFailures(log));
  }

  @Override
  public boolean isLoggable(LogRecord line) {
    String text = String.valueOf(line.getMessage());
    if (!text.startsWith(BACKING_OFF)) {
      return true;
    }
    if (failures.passes()) {
      log.error(OpenFiles.NONE_TO_ACCEPT);
    }
    return false;
  }
}
