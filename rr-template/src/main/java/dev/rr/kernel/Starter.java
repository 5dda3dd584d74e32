package dev.rr.kernel;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Lifecycle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Starts plugins on a thread of its own, so that a server that is told to stop need not wait until
 * a slow one serves. For the kernel's thread alone.
 *
 * <p>Owns the daemon thread {@code rr-start}, which lives on until all plugins have stopped: a
 * child process is ended by the kernel of the system with the thread that made it.
 */
final class Starter implements AutoCloseable {
  /** A plugin whose start was not waited for. */
  record Late(PluginInfo plugin, Future<?> running, CompletableFuture<@Nullable Void> ended) {
    /** Interrupts the start; returns whether it ended in time, however it did. */
    boolean abort(Deadline deadline) throws InterruptedException {
      running.cancel(true);
      try {
        ended.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        return true;
      } catch (ExecutionException e) {
        // Nobody asks for the plugin any longer.
        return true;
      } catch (TimeoutException e) {
        return false;
      }
    }
  }

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("rr-start").factory());

  /**
   * Starts a plugin.
   *
   * @param cancelled completed when the server is to stop instead
   * @return null when it has started; the plugin in the midst of its start when {@code cancelled}
   *     came first
   * @throws Exception what the plugin threw
   */
  @Nullable Late start(PluginInfo plugin, Lifecycle lifecycle, CompletableFuture<?> cancelled)
      throws Exception {
    CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    Future<?> running = thread.submit(() -> run(lifecycle, ended));
    try {
      CompletableFuture.anyOf(ended, cancelled).get();
      if (!ended.isDone()) {
        return new Late(plugin, running, ended);
      }
      ended.get();
      return null;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Ends the thread, unless it is in the midst of a start; nothing is started any more. */
  @Override
  public void close() {
    thread.shutdown();
  }

  /** On the thread {@code rr-start}. */
  private static void run(Lifecycle lifecycle, CompletableFuture<@Nullable Void> ended) {
    try {
      lifecycle.start();
      ended.complete(null);
    } catch (Throwable e) {
      // An error is thrown again on the kernel's thread.
      ended.completeExceptionally(e);
    }
  }
}
