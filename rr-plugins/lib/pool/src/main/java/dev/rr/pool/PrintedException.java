package dev.rr.pool;

import java.io.IOException;

/** A worker printed where a frame was due. */
final class PrintedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String text;

  PrintedException(String text, IOException cause) {
    super(cause.getMessage(), cause);
    this.text = text;
  }

  /** What it printed, or the beginning of it. */
  String text() {
    return text;
  }
}
