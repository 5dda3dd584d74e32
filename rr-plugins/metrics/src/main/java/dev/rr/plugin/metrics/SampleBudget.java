package dev.rr.plugin.metrics;

import dev.rr.api.log.Log;
import dev.rr.api.log.OncePerSecond;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many lines of a scrape the declared metrics may make up. Whatever takes more memory than a
 * usual line counts as several, so this bounds the memory as well. Any thread.
 */
final class SampleBudget {
  /** Characters of names and label values that one line may have. */
  private static final int LINE = 256;

  /** What the digests behind a summary's quantiles take. */
  private static final int QUANTILES = 64;

  /** Native buckets that a histogram may have. */
  static final int NATIVE = 160;

  private final long limit;
  private final Log log;
  private final OncePerSecond warned = new OncePerSecond();
  private final AtomicLong taken = new AtomicLong();

  SampleBudget(long limit, Log log) {
    this.limit = limit;
    this.log = log;
  }

  /** Lines of one series. */
  static long lines(CollectorSpec spec) {
    return switch (spec.type()) {
      case COUNTER, GAUGE -> 1;
      case HISTOGRAM -> 3L + spec.buckets().size() + (spec.nativeBuckets() ? NATIVE : 0);
      case SUMMARY -> 2L + spec.objectives().size() + (spec.objectives().isEmpty() ? 0 : QUANTILES);
    };
  }

  /** What so many lines cost that each have this many characters. */
  static long cost(long lines, long characters) {
    return lines * (1 + characters / LINE);
  }

  /**
   * Takes a part of what is left.
   *
   * @throws IllegalArgumentException when that is not enough; says what to do
   */
  void take(long samples, String collector) {
    if (taken.addAndGet(samples) > limit) {
      taken.addAndGet(-samples);
      throw refused(collector);
    }
  }

  private IllegalArgumentException refused(String collector) {
    String text =
        ("collector `%s` cannot grow: all declared metrics together have %d samples, of %d; use"
                + " labels with fewer values, Unregister what nobody needs, or raise"
                + " metrics.max_samples")
            .formatted(collector, taken.get(), limit);
    if (warned.passes()) {
      log.warn(text);
    }
    return new IllegalArgumentException(text);
  }

  void give(long samples) {
    taken.addAndGet(-samples);
  }
}
