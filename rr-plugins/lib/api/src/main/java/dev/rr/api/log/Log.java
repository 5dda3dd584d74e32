package dev.rr.api.log;

import org.jspecify.annotations.Nullable;

/**
 * A log channel. Attributes follow the message as name, value, name, value: {@code log.info("worker
 * started", "pid", pid)}. Any thread; never throws; does not wait for a slow disk longer than the
 * operating system does.
 */
public interface Log {
  /** How much a record matters. */
  enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** A channel that drops everything. */
  Log NONE =
      new Log() {
        @Override
        public boolean enabled(Level level) {
          return false;
        }

        @Override
        public void log(
            Level level,
            String message,
            @Nullable Throwable error,
            @Nullable Object... attributes) {}
      };

  /** Whether records of this level are written at all. */
  boolean enabled(Level level);

  /**
   * Writes a record.
   *
   * @param error its message is an attribute; its stack trace is written at debug level only
   * @param attributes names (strings) and values by turns
   */
  void log(Level level, String message, @Nullable Throwable error, @Nullable Object... attributes);

  /** Writes a record at debug level. */
  default void debug(String message, @Nullable Object... attributes) {
    log(Level.DEBUG, message, null, attributes);
  }

  /** Writes a record at info level. */
  default void info(String message, @Nullable Object... attributes) {
    log(Level.INFO, message, null, attributes);
  }

  /** Writes a record at warn level. */
  default void warn(String message, @Nullable Object... attributes) {
    log(Level.WARN, message, null, attributes);
  }

  /** Writes a record at error level. */
  default void error(String message, @Nullable Object... attributes) {
    log(Level.ERROR, message, null, attributes);
  }
}
