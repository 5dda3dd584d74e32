package dev.rr.net;

/** What to say when the process has as many open files as it may. */
public final class OpenFiles {
  /** Of a listener that cannot accept for that reason; a remedy of its own may follow. */
  public static final String NONE_TO_ACCEPT =
      "new connections have to wait: the limit of open files is reached; raise it (ulimit -n,"
          + " LimitNOFILE=)";

  private OpenFiles() {}
}
