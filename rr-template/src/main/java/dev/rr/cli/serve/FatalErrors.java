package dev.rr.cli.serve;

import java.io.PrintStream;

/**
 * What becomes of a server one of whose threads ends by an error: it ends as a whole, and its
 * workers with it. A server without an event loop, a worker's owner or a timer would keep its port
 * and answer nobody, which no supervisor notices. Exceptions are another matter: they cost what the
 * thread was about, and are printed.
 */
public final class FatalErrors implements Thread.UncaughtExceptionHandler {
  private final PrintStream err;

  private FatalErrors(PrintStream err) {
    this.err = err;
  }

  /** Watches every thread of this process that has no handler of its own. */
  static void endTheProcess(PrintStream err) {
    Thread.setDefaultUncaughtExceptionHandler(new FatalErrors(err));
  }

  @Override
  public void uncaughtException(Thread thread, Throwable cause) {
    if (!(cause instanceof Error)) {
      err.println("error: the thread " + thread.getName() + " failed: " + cause);
      cause.printStackTrace(err);
      return;
    }
    try {
      err.println(
          "error: the thread "
              + thread.getName()
              + " died of "
              + cause
              + "; the server cannot go on without it and ends");
      cause.printStackTrace(err);
      err.flush();
    } finally {
      exitAtOnce();
    }
  }

  /**
   * Ends the process and all it started. A worker in the middle of something would notice late that
   * its server is gone, if ever.
   */
  static void exitAtOnce() {
    try {
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }
}
