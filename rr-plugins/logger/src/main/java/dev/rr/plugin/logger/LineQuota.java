package dev.rr.plugin.logger;

/**
 * How many lines one logger of a library may write: ten in a second. What clients do makes some
 * libraries write a line each time. Any thread.
 */
final class LineQuota {
  /** What {@link #take} answers when there is none left. */
  static final long NONE = -1;

  private static final long SECOND = 1_000_000_000;
  private static final int LINES = 10;

  private long since = System.nanoTime();
  private int taken;
  private long leftOut;

  /** Takes a line: how many were left out before it, or {@link #NONE} when it is to be as well. */
  synchronized long take() {
    long now = System.nanoTime();
    if (now - since >= SECOND) {
      since = now;
      taken = 0;
    }
    if (taken == LINES) {
      leftOut++;
      return NONE;
    }
    taken++;
    long before = leftOut;
    leftOut = 0;
    return before;
  }
}
