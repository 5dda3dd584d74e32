package dev.rr.plugin.amqp;

import dev.rr.api.log.Log;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Tells the log once that a pipeline's connections are away, once more when that goes on, and when
 * they are back. Any thread.
 */
final class Outage {
  private final String pipeline;
  private final Duration patience;
  private final Log log;
  private int away;
  private long since;
  private boolean longTold;

  /**
   * None yet.
   *
   * @param patience after which it is told again
   */
  Outage(String pipeline, Duration patience, Log log) {
    this.pipeline = pipeline;
    this.patience = patience;
    this.log = log;
  }

  /** A connection is away that was there. */
  synchronized void begins(String cause) {
    if (away++ == 0) {
      since = System.nanoTime();
      longTold = false;
      log.warn("pipeline connection was closed, redialing", "pipeline", pipeline, "error", cause);
    }
  }

  /** One could not be made again. */
  synchronized void goesOn(String cause) {
    if (away > 0 && !longTold && System.nanoTime() - since > patience.toNanos()) {
      longTold = true;
      log.warn(
          "pipeline connection is still away, redialing goes on",
          "pipeline",
          pipeline,
          "since",
          patience.toSeconds() + "s",
          "error",
          cause);
    }
  }

  /** One that was away is there again. */
  synchronized void ends() {
    if (away > 0 && --away == 0) {
      log.info(
          "connection was successfully restored",
          "pipeline",
          pipeline,
          "elapsed",
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
    }
  }
}
