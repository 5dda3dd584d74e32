package dev.rr.pool;

import dev.rr.api.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.stream.Collectors;

/**
 * Reads one worker's stderr on a thread of its own, logs it, and keeps the last of it for the day
 * it crashes.
 */
final class Stderr implements Runnable {
  private static final int CHUNK = 64 * 1024;
  private static final int KEPT_CHARS = 4 * 1024;
  private static final int KEPT_LINES = 20;

  private final InputStream stream;
  private final Log log;
  private final ArrayDeque<String> last = new ArrayDeque<>();
  private int lastChars;

  private Stderr(InputStream stream, Log log) {
    this.stream = stream;
    this.log = log;
  }

  /** Begins to read; ends when the process and all that inherited its stderr have closed it. */
  static Reader read(String pool, Process process, Log log) {
    Stderr reader = new Stderr(process.getErrorStream(), log);
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("rr-" + pool + "-stderr-" + process.pid())
            .unstarted(reader);
    thread.start();
    return new Reader(thread, reader);
  }

  /** What is under way. */
  record Reader(Thread thread, Stderr stderr) {
    /** Gives the last words time to arrive. */
    void settle(long millis) throws InterruptedException {
      thread.join(millis);
    }

    /** The last lines, or an empty text. */
    String last() {
      return stderr.lastLines();
    }
  }

  @Override
  public void run() {
    byte[] buffer = new byte[8 * 1024];
    try (stream) {
      int got;
      while ((got = stream.read(buffer, 0, buffer.length)) >= 0) {
        String text = new String(buffer, 0, got, StandardCharsets.UTF_8);
        keep(text);
        if (!text.isBlank()) {
          log.info(text.stripTrailing());
        }
        if (got == buffer.length && buffer.length < CHUNK) {
          buffer = new byte[buffer.length * 2];
        }
      }
    } catch (IOException closed) {
      // The process is gone.
    }
  }

  private synchronized void keep(String text) {
    for (String line : text.split("\n")) {
      String part = line.length() > KEPT_CHARS ? line.substring(0, KEPT_CHARS) : line;
      if (!part.isBlank()) {
        last.add(part.stripTrailing());
        lastChars += part.length();
      }
    }
    while (last.size() > KEPT_LINES || lastChars > KEPT_CHARS && last.size() > 1) {
      lastChars -= last.remove().length();
    }
  }

  private synchronized String lastLines() {
    return last.stream().collect(Collectors.joining("\n"));
  }
}
