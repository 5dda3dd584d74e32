package dev.rr.api.http;

import dev.rr.annotation.Contract;
import java.time.Duration;

/**
 * What answers requests, for a transport that lives in a plugin of its own. Ready once its plugin
 * has started, and until that is stopped: whoever needs it starts later and stops earlier.
 */
@Contract
public interface HttpChain {
  /**
   * The middleware in force and the workers behind it.
   *
   * @throws IllegalStateException before the plugin has started
   */
  HttpHandler handler();

  /**
   * Has every answer over TCP carry this {@code Alt-Svc} header from now on, unless it has one. Any
   * thread.
   *
   * @param value as RFC 7838 has it; empty to announce nothing
   */
  void announce(String value);

  /**
   * Counts a connection among those that {@code http.max_connections} bounds. Any thread.
   *
   * @return false when there are as many as may be: the connection is not taken, and {@link #leave}
   *     not called
   */
  boolean enter();

  /** A connection that was counted is no more. Any thread. */
  void leave();

  /** How long clients may take. */
  Limits limits();

  /** What may wait in memory for workers and clients, over every transport together. */
  MemoryBudget budget();

  /**
   * How long clients may take.
   *
   * @param read for a whole request
   * @param write for one write that does not move
   * @param idle between requests
   */
  record Limits(Duration read, Duration write, Duration idle) {}
}
