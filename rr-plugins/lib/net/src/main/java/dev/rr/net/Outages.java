package dev.rr.net;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Tells of each outage of a peer once, though several connections go to it. Until {@link #expected}
 * nothing is told: whoever opens says what keeps him from it. Any thread.
 */
public final class Outages {
  private final Consumer<IOException> down;
  private final Runnable up;
  private final AtomicInteger away = new AtomicInteger();
  private volatile boolean expected;

  /**
   * None so far.
   *
   * @param down is told why the first of the connections cannot be made
   * @param up is told that all are there again
   */
  public Outages(Consumer<IOException> down, Runnable up) {
    this.down = down;
    this.up = up;
  }

  /** From now on the peer is expected to be there. */
  public void expected() {
    expected = true;
  }

  /** One of the connections cannot be made; as {@link Reconnector.Peer#down}. */
  public void down(IOException cause) {
    if (away.getAndIncrement() == 0 && expected) {
      down.accept(cause);
    }
  }

  /** It is there again; as {@link Reconnector.Peer#up}. */
  public void up() {
    if (away.decrementAndGet() == 0 && expected) {
      up.run();
    }
  }
}
