package dev.rr.plugin.metrics;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.net.AddressForms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The {@code metrics} section: upstream's keys, {@code max_samples} and {@code native}. */
@ConfigSection("metrics")
record MetricsConfig(
    @Key(fallback = "127.0.0.1:2112", doc = "Where to listen.") String address,
    @Key(doc = "Metrics of the application, by name.") Map<String, Declared> collect,
    @Key(
            fallback = "100000",
            min = 100,
            max = 10_000_000,
            doc = "How many lines of a scrape the metrics of the application may make up.")
        int maxSamples)
    implements Checked {
  MetricsConfig {
    address = address.isEmpty() ? "127.0.0.1:2112" : address;
    // Upstream's reader of configuration writes all names so, and dashboards ask for them.
    Map<String, Declared> lower = new LinkedHashMap<>();
    collect.forEach((name, declared) -> lower.put(name.toLowerCase(Locale.ROOT), declared));
    collect = lower;
  }

  @Override
  public void check(Section at) {
    AddressForms.PORT.problem(address).ifPresent(problem -> at.problem("address", problem));
  }

  /** One metric of the application. */
  @ConfigSection
  record Declared(
      @Key(required = true, doc = "What it measures.") CollectorType type,
      @Key(doc = "The first part of the name.") String namespace,
      @Key(doc = "The second part of the name.") String subsystem,
      @Key(doc = "One sentence for whoever reads the scrape.") String help,
      @Key(doc = "The names of labels.") List<String> labels,
      @Key(doc = "Upper bounds of a histogram's buckets, ascending.") List<String> buckets,
      @Key(doc = "A summary's quantiles, each with its allowed error.")
          Map<String, String> objectives,
      @Key(name = "native", doc = "Whether a histogram has native buckets as well.")
          boolean nativeBuckets)
      implements Checked {

    @Override
    public void check(Section at) {
      at.parse("buckets", this::bounds);
      at.parse("objectives", this::quantiles);
    }

    private List<Double> bounds() {
      return buckets.stream().map(Declared::number).toList();
    }

    private SortedMap<Double, Double> quantiles() {
      SortedMap<Double, Double> quantiles = new TreeMap<>();
      objectives.forEach((quantile, error) -> quantiles.put(number(quantile), number(error)));
      return quantiles;
    }

    private static double number(String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("`" + text + "` is not a number", e);
      }
    }

    CollectorSpec named(String name) {
      return new CollectorSpec(
          name, namespace, subsystem, type, help, labels, bounds(), quantiles(), nativeBuckets);
    }
  }
}
