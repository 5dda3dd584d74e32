package dev.rr.cli.serve;

import dev.rr.kernel.Failure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What ends a running server. Posted from any thread, awaited by the main thread. */
final class ServerEvents {
  /** A reason to end. */
  sealed interface Event {}

  /** A signal asked for it. */
  record Stop() implements Event {}

  /** SIGUSR2 asked for a new run. */
  record Again() implements Event {}

  /** A plugin cannot go on. */
  record Failed(Failure failure) implements Event {}

  private final CompletableFuture<Event> first = new CompletableFuture<>();

  /**
   * Posts an event; when one was posted before, the first one decides. Returns whether this is the
   * first.
   */
  boolean post(Event event) {
    return first.complete(event);
  }

  /** Completed with the first event; for reading. */
  CompletableFuture<Event> ending() {
    return first;
  }

  /** The event, or null when none came in time. */
  @Nullable Event await(Duration timeout) throws InterruptedException {
    try {
      return first.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
