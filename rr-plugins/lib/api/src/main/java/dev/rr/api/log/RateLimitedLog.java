package dev.rr.api.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A channel for what clients or workers can cause as often as they like: of warnings and errors
 * with the same message, one a second is written. Messages are constants, what differs stands in
 * attributes. Any thread.
 */
public final class RateLimitedLog implements Log {
  private final Log log;
  private final Map<String, OncePerSecond> limits = new ConcurrentHashMap<>();

  /** Writes to this channel. */
  public RateLimitedLog(Log log) {
    this.log = log;
  }

  @Override
  public boolean enabled(Level level) {
    return log.enabled(level);
  }

  @Override
  public void log(
      Level level, String message, @Nullable Throwable error, @Nullable Object... attributes) {
    if (level.compareTo(Level.WARN) < 0
        || enabled(level) && limits.computeIfAbsent(message, key -> new OncePerSecond()).passes()) {
      log.log(level, message, error, attributes);
    }
  }
}
