package dev.rr.plugin.logger;

import dev.rr.api.log.Log;

/** The words for the lowest level that is written. */
enum Threshold {
  DEBUG(Log.Level.DEBUG),
  INFO(Log.Level.INFO),
  WARN(Log.Level.WARN),
  WARNING(Log.Level.WARN),
  ERROR(Log.Level.ERROR),
  // Levels above error that older files name: the nearest that exists, never a lower one.
  DPANIC(Log.Level.ERROR),
  PANIC(Log.Level.ERROR),
  FATAL(Log.Level.ERROR);

  private final Log.Level level;

  Threshold(Log.Level level) {
    this.level = level;
  }

  Log.Level level() {
    return level;
  }
}
