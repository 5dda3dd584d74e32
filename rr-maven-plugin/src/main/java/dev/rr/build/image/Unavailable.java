package dev.rr.build.image;

import java.time.Duration;
import java.util.Optional;

/** A registry did not do what it may do the next time. */
final class Unavailable extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Duration> after;

  /**
   * Makes one.
   *
   * @param after when it wants to be asked again
   */
  Unavailable(String message, Optional<Duration> after) {
    super(message);
    this.after = after;
  }

  Optional<Duration> after() {
    return after;
  }
}
