package dev.rr.cli.serve;

import dev.rr.kernel.Failure;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

  private static final int CAPACITY = 8;

  private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicBoolean ending = new AtomicBoolean();

  /**
   * Posts an event; when one was posted before, the first one decides. Returns whether this is the
   * first.
   */
  boolean post(Event event) {
    boolean first = ending.compareAndSet(false, true);
    return first && events.offer(event);
  }

  /** Whether anything was posted. */
  boolean ending() {
    return ending.get();
  }

  /** The event, or null when none came in time. */
  @Nullable Event await(Duration timeout) throws InterruptedException {
    return events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
