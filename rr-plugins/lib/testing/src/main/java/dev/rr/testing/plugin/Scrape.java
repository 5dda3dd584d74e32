package dev.rr.testing.plugin;

import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.metrics.MetricsSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a scrape would show. Series are named as in a scrape's text: {@code name{label="value",…}}.
 * One thread.
 */
public final class Scrape implements MetricsSink {
  private final Map<String, Double> values = new LinkedHashMap<>();
  private final Map<String, Distribution> distributions = new LinkedHashMap<>();
  private final List<String> descriptions = new ArrayList<>();

  /**
   * A histogram's series.
   *
   * @param bounds of the buckets, without infinity
   * @param counts of each bucket alone
   */
  public record Distribution(List<Double> bounds, List<Long> counts, double sum) {}

  /** Asks once. */
  public static Scrape of(MetricsSource source) {
    Scrape scrape = new Scrape();
    source.collect(scrape);
    return scrape;
  }

  /** Counters and gauges. */
  public Map<String, Double> values() {
    return values;
  }

  /** A histogram's series, which has to be there. */
  public Distribution distribution(String series) {
    Distribution found = distributions.get(series);
    if (found == null) {
      throw new AssertionError("no " + series + " among " + distributions.keySet());
    }
    return found;
  }

  /** Each metric once: {@code type name: help}. */
  public List<String> descriptions() {
    return descriptions;
  }

  @Override
  public void counter(String name, String help, double value, String... labels) {
    add("counter", name, help, value, labels);
  }

  @Override
  public void gauge(String name, String help, double value, String... labels) {
    add("gauge", name, help, value, labels);
  }

  @Override
  public void histogram(
      String name, String help, double[] bounds, long[] counts, double sum, String... labels) {
    if (counts.length != bounds.length + 1) {
      throw new AssertionError(
          name + ": " + counts.length + " counts, " + bounds.length + " bounds");
    }
    describe("histogram", name, help);
    Distribution distribution =
        new Distribution(
            Arrays.stream(bounds).boxed().toList(), Arrays.stream(counts).boxed().toList(), sum);
    once(name, distributions.put(series(name, labels), distribution));
  }

  private void add(String type, String name, String help, double value, String... labels) {
    describe(type, name, help);
    once(name, values.put(series(name, labels), value));
  }

  private void describe(String type, String name, String help) {
    String description = type + " " + name + ": " + help;
    if (!descriptions.contains(description)) {
      descriptions.add(description);
    }
  }

  private static void once(String name, @Nullable Object before) {
    if (before != null) {
      throw new AssertionError(name + " was given twice with the same labels");
    }
  }

  private static String series(String name, String... labels) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < labels.length; i += 2) {
      pairs.add(labels[i] + "=\"" + labels[i + 1] + "\"");
    }
    return pairs.isEmpty() ? name : name + "{" + String.join(",", pairs) + "}";
  }
}
