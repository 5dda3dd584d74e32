package dev.rr.api.rpc;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.trace.Span;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One call, for a method that waits: it takes this as its last parameter. A method that waits for
 * anything but memory should, or it goes on waiting for a caller that is dead. The call's own
 * thread uses it; {@link #left} may be asked by any.
 */
public interface RpcCall {
  /** How long a call may take at most. Callers send no deadline; none waits longer. */
  Duration LONGEST = Duration.ofHours(1);

  /** A call by the process itself: nobody leaves, nothing is traced. */
  RpcCall OWN =
      new RpcCall() {
        @Override
        public Deadline deadline() {
          return Deadline.after(LONGEST);
        }

        @Override
        public Span span() {
          return Span.NONE;
        }

        @Override
        public boolean left() {
          return false;
        }

        @Override
        public void onLeave(Runnable action) {}
      };

  /** When waiting has to be over: {@link #LONGEST} after the call came. */
  Deadline deadline();

  /**
   * The span of this call, begun when it is first asked for and ended with the call; {@link
   * Span#NONE} when nothing traces.
   */
  Span span();

  /**
   * Whether the caller has left: its connection is closed, or it has ended its side of it. An
   * answer is still sent where that is possible.
   */
  boolean left();

  /**
   * Has something done when the caller leaves, at once when it has left, and never after the call
   * was answered. Typically what the method waits for is given up: it returns, and whoever waits
   * behind it goes on.
   *
   * @param action runs once, on the event loop or on this thread; must neither wait nor throw. A
   *     later one replaces it
   */
  void onLeave(Runnable action);

  /**
   * Does the rest of a call where it may wait, for a quick method that finds out that it cannot
   * answer from memory: on a virtual thread, or on this one when that may wait already. On the
   * call's own thread; what this returns is what the method returns.
   */
  default <T> CompletionStage<T> offload(Callable<T> rest) {
    try {
      return CompletableFuture.completedFuture(rest.call());
    } catch (Exception e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
