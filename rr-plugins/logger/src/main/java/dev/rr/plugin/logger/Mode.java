package dev.rr.plugin.logger;

/** How lines look. */
enum Mode {
  /** Nothing is written. */
  NONE,
  /** As {@link #NONE}. */
  OFF,
  /** A JSON object per line. */
  PRODUCTION,
  /** Columns for people. */
  DEVELOPMENT,
  /** The message alone. */
  RAW;

  boolean silent() {
    return this == NONE || this == OFF;
  }
}
