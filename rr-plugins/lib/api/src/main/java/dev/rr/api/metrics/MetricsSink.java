package dev.rr.api.metrics;

/**
 * Takes metrics during one scrape. Names and units follow upstream. Labels are names and values by
 * turns; the same name may be given several times with other labels. One thread.
 */
public interface MetricsSink {
  /** A value that only grows. */
  void counter(String name, String help, double value, String... labels);

  /** A value that goes up and down. */
  void gauge(String name, String help, double value, String... labels);

  /**
   * A distribution.
   *
   * @param bounds upper bounds of the buckets, ascending, without infinity
   * @param counts observations of each bucket alone, one more than bounds: the last is beyond all
   *     of them
   * @param sum of all observations
   */
  void histogram(
      String name, String help, double[] bounds, long[] counts, double sum, String... labels);
}
