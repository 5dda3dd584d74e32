package dev.rr.net;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of each outage of a peer once, though several connections go to it. Until {@link #expected}
 * nothing is told: whoever opens says what keeps him from it. Any thread; what is told is told one
 * after the other.
 */
public final class Outages {
  private final Consumer<IOException> down;
  private final @Nullable Reminder reminder;
  private final Runnable up;
  private boolean expected;
  private int away;
  private long since;
  private boolean reminded;

  /**
   * What is told once more of a long outage.
   *
   * @param after how long it has to last
   * @param goesOn is told why the last attempt has failed
   */
  public record Reminder(Duration after, Consumer<IOException> goesOn) {}

  /**
   * None so far.
   *
   * @param down is told why the first of the connections cannot be made
   * @param up is told that all are there again
   */
  public Outages(Consumer<IOException> down, Runnable up) {
    this(down, null, up);
  }

  /** As {@link #Outages(Consumer, Runnable)}, with somebody who is told of long ones again. */
  public Outages(Consumer<IOException> down, @Nullable Reminder reminder, Runnable up) {
    this.down = down;
    this.reminder = reminder;
    this.up = up;
  }

  /** From now on the peer is expected to be there. */
  public synchronized void expected() {
    expected = true;
  }

  /** One of the connections cannot be made; as {@link Reconnector.Peer#down}. */
  public synchronized void down(IOException cause) {
    if (away++ == 0) {
      since = System.nanoTime();
      reminded = false;
      if (expected) {
        down.accept(cause);
      }
    }
  }

  /** An attempt to make one again has failed. */
  public synchronized void stillDown(IOException cause) {
    if (reminder != null && expected && away > 0 && !reminded && isLong(reminder.after())) {
      reminded = true;
      reminder.goesOn().accept(cause);
    }
  }

  private boolean isLong(Duration enough) {
    return System.nanoTime() - since > enough.toNanos();
  }

  /** It is there again; as {@link Reconnector.Peer#up}. */
  public synchronized void up() {
    if (--away == 0 && expected) {
      up.run();
    }
  }
}
