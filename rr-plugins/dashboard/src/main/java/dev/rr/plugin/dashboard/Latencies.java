package dev.rr.plugin.dashboard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Durations by buckets.
 *
 * @param bounds upper bounds of all but the last bucket, in seconds, ascending
 * @param counts of each bucket alone
 */
record Latencies(double[] bounds, long[] counts) {
  private static final double[] SHOWN = {.5, .95, .99};

  /** The sum of both; this one where the other has other buckets. */
  Latencies plus(Latencies other) {
    return combined(other, 1);
  }

  /** What came after an earlier look. */
  Latencies minus(Latencies earlier) {
    return combined(earlier, -1);
  }

  private Latencies combined(Latencies other, int sign) {
    if (!Arrays.equals(bounds, other.bounds)) {
      return this;
    }
    long[] sums = new long[counts.length];
    Arrays.setAll(sums, i -> counts[i] + sign * other.counts[i]);
    return new Latencies(bounds, sums);
  }

  /** The median, the 95th and the 99th percentile in milliseconds; null where there are none. */
  static List<@Nullable Double> shown(@Nullable Latencies of) {
    List<@Nullable Double> all = new ArrayList<>(SHOWN.length);
    for (double share : SHOWN) {
      all.add(
          of == null || of.total() == 0
              ? null
              : Math.round(of.percentile(share) * 100_000) / 100.0);
    }
    return all;
  }

  long total() {
    return Arrays.stream(counts).sum();
  }

  /**
   * Below which duration a share of all lies, in seconds: straight between the bounds of its
   * bucket, as Prometheus has it. What is beyond the last bound counts as that.
   */
  double percentile(double share) {
    double wanted = share * total();
    double below = 0;
    for (int i = 0; i < bounds.length; i++) {
      if (counts[i] > 0 && below + counts[i] >= wanted) {
        double from = i == 0 ? 0 : bounds[i - 1];
        return from + (bounds[i] - from) * (wanted - below) / counts[i];
      }
      below += counts[i];
    }
    return bounds.length == 0 ? 0 : bounds[bounds.length - 1];
  }
}
