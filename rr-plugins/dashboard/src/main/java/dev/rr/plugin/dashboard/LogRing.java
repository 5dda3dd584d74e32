package dev.rr.plugin.dashboard;

import dev.rr.api.log.Log;
import dev.rr.api.log.LogTail;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last lines of the log. Of a flood it takes the first of each second, so that it costs a
 * logging thread next to nothing; warnings and errors always. Any thread.
 */
final class LogRing implements LogTail.Listener {
  /** Lines that are kept. */
  static final int LINES = 300;

  /** Lines below a warning that are taken within a second. */
  static final int PER_SECOND = 100;

  /** Characters kept of a message, and of its attributes. */
  private static final int LONGEST = 1_000;

  private static final long SECOND = 1_000_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<LogTail.Line> lines = new ArrayDeque<>(LINES);
  // How many were ever taken: the number of the last line.
  private long taken;
  private long second = System.nanoTime();
  private int inSecond;
  private long skipped;

  @Override
  public boolean takes(Log.Level level) {
    if (level.compareTo(Log.Level.WARN) >= 0) {
      return true;
    }
    lock.lock();
    try {
      long now = System.nanoTime();
      if (now - second >= SECOND) {
        second = now;
        inSecond = 0;
      }
      if (inSecond >= PER_SECOND) {
        skipped++;
        return false;
      }
      inSecond++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void line(LogTail.Line line) {
    LogTail.Line kept =
        new LogTail.Line(
            line.time(),
            line.level(),
            cut(line.channel()),
            cut(line.message()),
            cut(line.attributes()));
    lock.lock();
    try {
      if (lines.size() == LINES) {
        lines.removeFirst();
      }
      lines.addLast(kept);
      taken++;
    } finally {
      lock.unlock();
    }
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  /**
   * What came after a line.
   *
   * @param last the number of the last line
   * @param skipped how many were ever left out
   */
  record Tail(List<LogTail.Line> lines, long last, long skipped) {
    /** As the page takes it. */
    Map<String, Object> json() {
      return Map.of("skipped", skipped, "lines", lines.stream().map(Tail::json).toList());
    }

    private static List<Object> json(LogTail.Line line) {
      return List.of(
          line.time().toEpochMilli(),
          line.level().name(),
          line.channel(),
          line.message(),
          line.attributes());
    }
  }

  /** The lines after number {@code from} that are still there; all of them after 0. */
  Tail after(long from) {
    lock.lock();
    try {
      int count = (int) Math.min(taken - from, lines.size());
      List<LogTail.Line> all = new ArrayList<>(lines);
      return new Tail(List.copyOf(all.subList(all.size() - count, all.size())), taken, skipped);
    } finally {
      lock.unlock();
    }
  }
}
