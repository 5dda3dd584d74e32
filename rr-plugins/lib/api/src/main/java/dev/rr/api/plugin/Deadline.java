package dev.rr.api.plugin;

import java.time.Duration;

/** A moment after which waiting is over. Immutable; measured on the monotonic clock. */
public final class Deadline {
  private final long atNanos;

  private Deadline(long atNanos) {
    this.atNanos = atNanos;
  }

  /** The moment {@code wait} from now. */
  public static Deadline after(Duration wait) {
    // A wait of decades must not overflow into the past.
    return new Deadline(System.nanoTime() + Math.min(wait.toMillis(), 1L << 40) * 1_000_000);
  }

  /** What is left; zero, never negative, once it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, atNanos - System.nanoTime()));
  }

  /** Whether the moment has passed. */
  public boolean passed() {
    return atNanos - System.nanoTime() <= 0;
  }

  /** The earlier of this moment and {@code wait} from now. */
  public Deadline within(Duration wait) {
    Deadline other = after(wait);
    return other.atNanos - atNanos < 0 ? other : this;
  }
}
