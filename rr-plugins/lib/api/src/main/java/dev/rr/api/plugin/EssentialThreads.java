package dev.rr.api.plugin;

import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;

/**
 * Threads without which the server lives on and answers nobody. One that ends by an {@link Error}
 * ends the process: the server's handler of uncaught errors sees to that, whoever started the
 * thread. Libraries that catch everything, such as those of event loops, would let theirs end in
 * silence; these threads turn that end into an error.
 */
public final class EssentialThreads {
  private EssentialThreads() {}

  /**
   * Threads that end only when they are told to.
   *
   * @param threads makes them
   * @param stopping whether they were told; asked on a thread that ends
   */
  public static ThreadFactory untilStopped(ThreadFactory threads, BooleanSupplier stopping) {
    return work ->
        threads.newThread(() -> {
          work.run();
          if (!stopping.getAsBoolean()) {
            throw new Ended();
          }
        });
  }

  /** A thread was not told to end, and did. */
  private static final class Ended extends Error {
    private static final long serialVersionUID = 1L;

    Ended() {
      super("its work ended unasked, the reason was logged by its library", null, false, false);
    }
  }
}
