package dev.rr.http;

import dev.rr.api.log.Log;
import java.util.concurrent.Executor;

/**
 * The one thread on which everything of an exchange happens. {@link #execute} may be called from
 * any thread; once the server has stopped, nobody waits for an answer and tasks are dropped.
 */
public interface ExchangeLoop extends Executor {
  /** Where exchanges of this loop tell what went wrong. */
  Log log();
}
