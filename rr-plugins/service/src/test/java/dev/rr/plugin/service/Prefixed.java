package dev.rr.plugin.service;

import dev.rr.api.log.Log;
import org.jspecify.annotations.Nullable;

/** A channel that writes its name before each record. */
record Prefixed(String name, Log target) implements Log {
  @Override
  public boolean enabled(Level level) {
    return true;
  }

  @Override
  public void log(
      Level level, String message, @Nullable Throwable error, @Nullable Object... attributes) {
    target.log(level, name + ": " + message, error, attributes);
  }
}
