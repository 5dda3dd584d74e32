package dev.rr.plugin.googlepubsub;

import dev.rr.api.log.Log;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Tells once that the server is away, and once that it is back, though calls and every stream have
 * a connection of their own. Any thread.
 */
final class PubSubOutage {
  private final Log log;
  private final Set<Object> away = new HashSet<>();
  private int users;
  private boolean told;

  PubSubOutage(Log log) {
    this.log = log;
  }

  /** From now on the server is expected to be there; before, whoever opens a pipeline tells. */
  synchronized void used() {
    users++;
  }

  /** Somebody does not use it any more. */
  synchronized void released() {
    users--;
  }

  /** A connection could not be made. */
  void down(Object connection, IOException cause) {
    down(connection, cause, () -> false);
  }

  /**
   * A call could not be made.
   *
   * @param connected whether its connection is there by now: who hears of a failure late has been
   *     overtaken by {@link #up}
   */
  synchronized void down(Object connection, IOException cause, BooleanSupplier connected) {
    if (users > 0 && !connected.getAsBoolean() && away.add(connection) && !told) {
      told = true;
      log.warn("connection lost, it is tried again", "error", String.valueOf(cause.getMessage()));
    }
  }

  /** A connection is there. */
  synchronized void up(Object connection) {
    if (away.remove(connection) && away.isEmpty() && told) {
      told = false;
      log.info("connected again");
    }
  }

  /** A connection is not wanted any more. */
  synchronized void gone(Object connection) {
    away.remove(connection);
    told &= !away.isEmpty();
  }
}
