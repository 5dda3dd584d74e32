package dev.rr.process;

import dev.rr.api.log.Log;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.stream.Collectors;

/**
 * Reads one process' stderr on a thread of its own, logs it, and keeps the last of it for the day
 * the process crashes. Any thread may ask.
 */
public final class StderrReader extends OutputReader {
  private static final int CHUNK = 64 * 1024;
  private static final int KEPT_CHARS = 4 * 1024;
  private static final int KEPT_LINES = 20;

  private final Log log;
  // Guarded by this: the reading thread writes, whoever explains a crash reads.
  private final ArrayDeque<String> last = new ArrayDeque<>();
  private int lastChars;

  private StderrReader(String name, Process process, Log log) {
    super("rr-" + name + "-stderr-" + process.pid(), process.getErrorStream(), CHUNK);
    this.log = log;
  }

  /**
   * Begins to read; ends when the process and all that inherited its stderr have closed it.
   *
   * @param name whose process it is; names the thread
   * @param log takes what arrives together as one line, at info
   */
  public static StderrReader start(String name, Process process, Log log) {
    StderrReader reader = new StderrReader(name, process, log);
    reader.begin();
    return reader;
  }

  /** The last lines, at most twenty of them and about 4096 letters; or an empty text. */
  public synchronized String lastLines() {
    return last.stream().collect(Collectors.joining("\n"));
  }

  @Override
  void take(byte[] buffer, int count) {
    String text = new String(buffer, 0, count, StandardCharsets.UTF_8);
    keep(text);
    if (!text.isBlank()) {
      log.info(text.stripTrailing());
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
}
