package dev.rr.metrics;

import dev.rr.api.metrics.MetricsSink;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * A distribution, most often of durations in seconds. Any thread. A scrape amid observations may
 * see one in its bucket and not yet in the sum.
 */
public final class Histogram {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String name;
  private final String help;
  private final double[] bounds;
  private final LongAdder[] buckets;
  private final DoubleAdder sum = new DoubleAdder();

  /**
   * A distribution without observations.
   *
   * @param name as it is scraped, whole
   * @param help one sentence for whoever reads the scrape
   * @param bounds upper bounds of the buckets, inclusive and ascending, without infinity
   */
  public Histogram(String name, String help, double... bounds) {
    this.name = name;
    this.help = help;
    this.bounds = bounds.clone();
    this.buckets = new LongAdder[bounds.length + 1];
    Arrays.setAll(buckets, i -> new LongAdder());
  }

  /** Notes one observation. */
  public void observe(double value) {
    int bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) {
      bucket++;
    }
    buckets[bucket].increment();
    sum.add(value);
  }

  /** Notes a duration, in seconds. */
  public void observeNanos(long nanos) {
    observe(nanos / NANOS);
  }

  /**
   * Hands the distribution over.
   *
   * @param labels names and values by turns
   * @return how many observations it has
   */
  public long collect(MetricsSink sink, String... labels) {
    long[] counts = new long[buckets.length];
    Arrays.setAll(counts, i -> buckets[i].sum());
    sink.histogram(name, help, bounds, counts, sum.sum(), labels);
    return Arrays.stream(counts).sum();
  }
}
