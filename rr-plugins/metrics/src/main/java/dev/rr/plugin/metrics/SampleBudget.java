package dev.rr.plugin.metrics;

import dev.rr.api.log.Log;
import dev.rr.api.log.OncePerSecond;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many lines of a scrape the declared metrics may make up. Whatever takes more memory than a
 * usual line counts as several, so this bounds the memory as well. Any thread.
 */
final class SampleBudget {
  /** Characters of names and label values that one line may have. */
  private static final int LINE = 256;

  /** Characters that are as large as what a label takes beside its own. */
  private static final long LABEL = 16;

  /** Bounds of buckets that are as large as a line. */
  private static final int BOUNDS = 8;

  /** What the digests behind a coarse quantile take; a finer one takes more. */
  private static final int QUANTILES = 64;

  /** Native buckets that a histogram may have. */
  static final int NATIVE = 160;

  /** Bytes of the heap for each line, of which one in eight may be taken: a line takes some 500. */
  private static final long HEAP = 4_096;

  /** Characters of a name that a refusal repeats. */
  private static final int SHOWN = 100;

  private final long limit;
  private final String remedy;
  private final Log log;
  private final OncePerSecond warned = new OncePerSecond();
  private final AtomicLong taken = new AtomicLong();

  /** As many lines as are configured, unless they might fill the heap. */
  SampleBudget(long configured, long heap, Log log) {
    this.limit = Math.min(configured, heap / HEAP);
    this.remedy =
        configured == limit
            ? "raise metrics.max_samples"
            : "give rr a larger heap by -Xmx in RR_JAVA_OPTS";
    this.log = log;
  }

  /** Lines of one series. */
  private static long lines(CollectorSpec spec) {
    return switch (spec.type()) {
      case COUNTER, GAUGE -> 1;
      case HISTOGRAM -> 3L + spec.buckets().size() + (spec.nativeBuckets() ? NATIVE : 0);
      case SUMMARY -> 2L + spec.objectives().size() + digests(spec);
    };
  }

  private static long digests(CollectorSpec spec) {
    double lines = 0;
    for (Map.Entry<Double, Double> objective : spec.objectives().entrySet()) {
      lines += QUANTILES + 3 * CollectorSpec.fineness(objective.getKey(), objective.getValue());
    }
    return (long) lines;
  }

  /** What a collector costs that has no series yet. */
  static long cost(CollectorSpec spec) {
    long characters =
        2L * spec.fullName().length() + spec.help().length() + characters(spec.labels());
    // Every specification has buckets, those of histograms count.
    long bounds = spec.type() == CollectorType.HISTOGRAM ? spec.buckets().size() : 0;
    return cost(1, characters) + (bounds + spec.objectives().size()) / BOUNDS;
  }

  /** What a series with these label values costs. */
  static long cost(CollectorSpec spec, List<String> values) {
    return cost(
        lines(spec), spec.fullName().length() + characters(spec.labels()) + characters(values));
  }

  private static long cost(long lines, long characters) {
    return lines * (1 + characters / LINE);
  }

  private static long characters(List<String> labels) {
    return labels.stream().mapToLong(label -> label.length() + LABEL).sum();
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
                + " labels with fewer values, Unregister what nobody needs, or %s")
            .formatted(shown(collector), taken.get(), limit, remedy);
    if (warned.passes()) {
      log.warn(text);
    }
    return new IllegalArgumentException(text);
  }

  private static String shown(String name) {
    return name.length() > SHOWN ? name.substring(0, SHOWN) + "…" : name;
  }

  void give(long samples) {
    taken.addAndGet(-samples);
  }
}
