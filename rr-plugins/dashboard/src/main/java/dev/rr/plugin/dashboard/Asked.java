package dev.rr.plugin.dashboard;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last answer to a question that may take its time: it is asked on a thread beside, and not
 * again before that has ended. The sampler's thread asks, any thread reads.
 */
final class Asked<T> {
  private final String name;
  private final long period;
  private final Supplier<T> question;
  private volatile T last;
  private @Nullable Thread asking;
  private long asked;

  /**
   * Not asked yet.
   *
   * @param name of the thread
   * @param period nanoseconds between two questions
   * @param first what is the answer until there is one
   */
  Asked(String name, long period, Supplier<T> question, T first) {
    this.name = name;
    this.period = period;
    this.question = question;
    this.last = first;
  }

  /** Asks, unless it is too early or the last question is still open. */
  void refresh(long nanos) {
    if (asking == null || !asking.isAlive() && nanos - asked >= period) {
      asked = nanos;
      asking = Thread.ofVirtual().name(name).start(() -> last = question.get());
    }
  }

  T last() {
    return last;
  }

  /** Waits for no answer any more. */
  void stop() {
    if (asking != null) {
      asking.interrupt();
    }
  }
}
