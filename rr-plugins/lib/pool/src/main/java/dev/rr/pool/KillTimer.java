package dev.rr.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The moment at which one worker is killed. The owner arms and disarms it around everything that
 * may block for ever; the watcher asks whether it fires. Both meet in one atomic number, so either
 * the owner disarms in time or learns that its worker was killed, never both. {@code exec_ttl} is
 * the time for one frame of an answer, from its request or the frame before to its last byte; what
 * the receiver takes of it meanwhile does not count.
 */
final class KillTimer {
  private static final long UNARMED = 0;
  private static final long FIRED = -1;

  private final PoolClock clock;
  private final long execTtl;

  // The moment of the pool's clock, or UNARMED, or FIRED.
  private final AtomicLong limit = new AtomicLong(UNARMED);
  // Why it would fire. Written by the owner before the limit, read after it.
  private volatile State reason = State.ERRORED;
  // When a worker that was asked to leave has to be gone; 0 for never. Any thread writes it.
  private volatile long stopDeadline;

  KillTimer(PoolClock clock, long execTtl) {
    this.clock = clock;
    this.execTtl = execTtl;
  }

  // ---- the owner's -------------------------------------------------------------------------

  void arm(Duration wait, State why) {
    reason = why;
    limit.set(clock.now() + Math.max(1, wait.toNanos()));
  }

  /** Gives a request its time, where there is a limit. */
  void armExec(long now) {
    if (execTtl > 0) {
      reason = State.EXEC_TTL;
      limit.set(now + execTtl);
    }
  }

  /**
   * Gives the next frame of a stream the time of a request, where there is a limit.
   *
   * @throws IOException when it has fired
   */
  void rearmExec() throws IOException {
    if (execTtl > 0) {
      disarmOrThrow();
      armExec(clock.now());
    }
  }

  /**
   * Stops the timer while somebody else is at work.
   *
   * @return nanoseconds that are left, for {@link #resume}; 0 when it was not armed
   * @throws IOException when it has fired
   */
  long pause() throws IOException {
    long at = limit.get();
    disarmOrThrow();
    return at == UNARMED ? 0 : Math.max(1, at - clock.now());
  }

  /** Goes on where {@link #pause} stopped it. */
  void resume(long left) {
    if (left > 0) {
      limit.set(clock.now() + left);
    }
  }

  /** Stops the timer; false when it has fired. */
  boolean disarm() {
    long before = limit.get();
    // The watcher is the only other one who writes, and only FIRED.
    return before == UNARMED || before != FIRED && limit.compareAndSet(before, UNARMED);
  }

  /** As {@link #disarm}, for those who cannot go on with a worker that is killed. */
  void disarmOrThrow() throws IOException {
    if (!disarm()) {
      throw killed();
    }
  }

  /** Why the conversation with the worker broke off: the limit that it passed, or its own fault. */
  State reasonOfEnd() {
    return hasFired() ? reason : State.ERRORED;
  }

  private static IOException killed() {
    return new IOException("killed");
  }

  // ---- any thread --------------------------------------------------------------------------

  boolean hasFired() {
    return limit.get() == FIRED;
  }

  void stopDeadline(long moment) {
    stopDeadline = moment;
  }

  // ---- the watcher's -----------------------------------------------------------------------

  /** Whether a limit has passed just now; true once for each time it was armed. */
  boolean fires(long now) {
    long at = limit.get();
    return at > 0 && now >= at && limit.compareAndSet(at, FIRED);
  }

  State reason() {
    return reason;
  }

  /** Whether the worker should have left by now. */
  boolean isPastStopDeadline(long now) {
    return stopDeadline > 0 && now >= stopDeadline;
  }
}
