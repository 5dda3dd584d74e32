package dev.rr.plugin.logger;

import dev.rr.api.log.Log;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One record.
 *
 * @param stack whether the error's stack trace is written
 * @param attributes names and values by turns
 */
record Record(
    Instant time,
    Log.Level level,
    String logger,
    String message,
    @Nullable Throwable error,
    boolean stack,
    @Nullable Object[] attributes) {

  /** How many attributes there are; a last name without a value counts. */
  int count() {
    return (attributes.length + 1) / 2;
  }

  String name(int index) {
    return String.valueOf(attributes[2 * index]);
  }

  @Nullable Object value(int index) {
    return 2 * index + 1 < attributes.length ? attributes[2 * index + 1] : "";
  }
}
