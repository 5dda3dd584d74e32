package dev.rr.api.log;

import dev.rr.annotation.Contract;
import java.time.Instant;

/**
 * Lets others see what is logged while it is logged. A listener costs nothing where there is none,
 * and never delays a line longer than it takes itself. Any thread.
 */
@Contract
public interface LogTail {
  /**
   * Shows every line that is written from now on.
   *
   * @return ends that; may be run twice
   */
  Runnable listen(Listener listener);

  /**
   * Takes lines, on the thread that logs. It must return at once, must not log, and keeps as many
   * as it has room for.
   */
  interface Listener {
    /** Whether it wants the next line of this level; asked before the line is put into words. */
    boolean takes(Log.Level level);

    /** Takes one line. */
    void line(Line line);
  }

  /**
   * One line.
   *
   * @param channel the name of the log channel
   * @param attributes as the members of a JSON object with its braces; empty without any
   */
  record Line(Instant time, Log.Level level, String channel, String message, String attributes) {}
}
