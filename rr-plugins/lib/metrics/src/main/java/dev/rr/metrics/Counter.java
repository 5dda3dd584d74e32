package dev.rr.metrics;

import dev.rr.api.metrics.MetricsSink;
import java.util.concurrent.atomic.LongAdder;

/** A number that only grows. Any thread. */
public final class Counter {
  private final String name;
  private final String help;
  private final LongAdder value = new LongAdder();

  /**
   * A counter at zero.
   *
   * @param name as it is scraped, whole
   * @param help one sentence for whoever reads the scrape
   */
  public Counter(String name, String help) {
    this.name = name;
    this.help = help;
  }

  /** Adds one. */
  public void increment() {
    value.increment();
  }

  /** Adds so many; not fewer than none. */
  public void add(long more) {
    value.add(more);
  }

  /** What it has counted so far. */
  public long value() {
    return value.sum();
  }

  /**
   * Hands the value over.
   *
   * @param labels names and values by turns
   */
  public void collect(MetricsSink sink, String... labels) {
    sink.counter(name, help, value(), labels);
  }
}
