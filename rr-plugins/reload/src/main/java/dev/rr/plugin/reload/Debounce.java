package dev.rr.plugin.reload;

import java.time.Duration;

/** Turns many changes into one: due when it has been quiet for a while. One thread. */
final class Debounce {
  /** After so many intervals it is due even if changes never stop. */
  private static final int PATIENCE = 10;

  private final long quiet;
  private boolean pending;
  private long first;
  private long last;

  Debounce(Duration quiet) {
    this.quiet = quiet.toNanos();
  }

  /** Something has changed, at a moment of the monotonic clock. */
  void changed(long now) {
    if (!pending) {
      first = now;
    }
    pending = true;
    last = now;
  }

  boolean isPending() {
    return pending;
  }

  /** Nanoseconds until it is due; not positive once it is. */
  long left(long now) {
    return Math.min(last + quiet - now, first + PATIENCE * quiet - now);
  }

  /** Whether it is due; then it is not any more. */
  boolean take(long now) {
    boolean due = pending && left(now) <= 0;
    pending &= !due;
    return due;
  }
}
