package dev.rr.plugin.status;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One question to one plugin. It is asked on a virtual thread, and never twice at once: whoever
 * asks meanwhile gets the same answer, so that a plugin that hangs has one thread, however often a
 * probe comes. Any thread.
 */
final class Check<T> {
  private final Callable<T> question;
  private final Duration timeout;
  private @Nullable Thread asking;
  private CompletableFuture<Told<T>> answer = new CompletableFuture<>();

  Check(Callable<T> question, Duration timeout) {
    this.question = question;
    this.timeout = timeout;
  }

  /**
   * What a plugin said.
   *
   * @param value null when it failed
   * @param error why it failed; empty when it did not
   * @param late whether it has not answered in time
   */
  record Told<T>(@Nullable T value, String error, boolean late) {}

  /**
   * Asks. A plugin that has not answered in time has its thread interrupted; until that has ended,
   * it counts as late at once.
   *
   * @return completes within the time, never exceptionally
   */
  synchronized CompletableFuture<Told<T>> ask() {
    if (asking == null) {
      CompletableFuture<Told<T>> told = new CompletableFuture<>();
      Thread thread = Thread.ofVirtual().name("rr-status-check").unstarted(() -> run(told));
      told.completeOnTimeout(late(), timeout.toNanos(), TimeUnit.NANOSECONDS)
          .thenAccept(t -> {
            if (t.late()) {
              thread.interrupt();
            }
          });
      answer = told;
      asking = thread;
      thread.start();
    }
    return answer;
  }

  private Told<T> late() {
    long millis = timeout.toMillis();
    String within = millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    return new Told<>(null, "no answer within " + within, true);
  }

  private void run(CompletableFuture<Told<T>> told) {
    Told<T> outcome;
    try {
      outcome = new Told<>(question.call(), "", false);
    } catch (Throwable e) { // whoever waits has to be told; a probe is no reason to end
      outcome = new Told<>(null, e.getMessage() == null ? e.toString() : e.getMessage(), false);
    }
    synchronized (this) {
      asking = null;
    }
    told.complete(outcome);
  }

  /** Interrupts a plugin that is still thinking. */
  synchronized void stop() {
    if (asking != null) {
      asking.interrupt();
    }
  }
}
