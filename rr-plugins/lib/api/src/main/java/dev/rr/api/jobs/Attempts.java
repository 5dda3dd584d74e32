package dev.rr.api.jobs;

import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is tried again until a deadline, since its broker may be away. Stateless; any thread. */
public final class Attempts {
  private Attempts() {}

  /** One attempt. */
  @FunctionalInterface
  public interface Attempt {
    /**
     * Tries, within the deadline.
     *
     * @throws RefusedException when it would fail again
     * @throws IOException when it may succeed later
     */
    void run() throws IOException, InterruptedException;
  }

  /**
   * Tries until it succeeds.
   *
   * @param pause between attempts
   * @throws RefusedException as soon as an attempt throws it
   * @throws IOException why it has not succeeded by then: what the last attempt said that had time
   */
  public static void until(Deadline deadline, Duration pause, Attempt attempt)
      throws IOException, InterruptedException {
    IOException before = null;
    while (true) {
      IOException failure = run(attempt);
      if (failure == null) {
        return;
      }
      if (deadline.passed()) {
        throw before == null ? failure : before;
      }
      before = failure;
      Duration left = deadline.remaining();
      Thread.sleep(pause.compareTo(left) < 0 ? pause : left);
    }
  }

  /** The pause after this one: twice as long, within bounds. */
  public static Duration longer(Duration pause, Duration longest) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(longest) < 0 ? twice : longest;
  }

  private static @Nullable IOException run(Attempt attempt)
      throws RefusedException, InterruptedException {
    try {
      attempt.run();
      return null;
    } catch (RefusedException e) {
      throw e;
    } catch (IOException e) {
      return e;
    }
  }
}
