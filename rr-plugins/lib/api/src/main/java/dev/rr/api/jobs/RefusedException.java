package dev.rr.api.jobs;

import java.io.IOException;

/**
 * A broker's answer that it does not do what it was asked, and would not do it later. What it was
 * asked over is as good as before.
 */
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With what the broker said, for the user. */
  public RefusedException(String message) {
    super(message);
  }
}
