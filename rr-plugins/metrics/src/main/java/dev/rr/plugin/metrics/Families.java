package dev.rr.plugin.metrics;

import dev.rr.api.metrics.MetricsSink;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one scrape has found, by name and then by labels, in the library's types. The first that has
 * a name decides its type and help; a series that is given twice stays as it was. One thread.
 */
final class Families implements MetricsSink {
  private final Map<String, Family> byName = new TreeMap<>();

  private record Family(CollectorType type, String help, Map<Labels, DataPointSnapshot> series) {
    MetricSnapshot snapshot(String name) {
      // Named as it is scraped, whatever the type, so that nothing has to be cut off or added.
      MetricMetadata about = MetricMetadata.builder().name(name).help(help).build();
      return switch (type) {
        case COUNTER -> new CounterSnapshot(about, of(CounterDataPointSnapshot.class));
        case GAUGE -> new GaugeSnapshot(about, of(GaugeDataPointSnapshot.class));
        case HISTOGRAM -> new HistogramSnapshot(about, of(HistogramDataPointSnapshot.class));
        case SUMMARY -> new SummarySnapshot(about, of(SummaryDataPointSnapshot.class));
      };
    }

    private <T> List<T> of(Class<T> type) {
      return series.values().stream().map(type::cast).toList();
    }
  }

  @Override
  public void counter(String name, String help, double value, String... labels) {
    Labels of = Labels.of(labels);
    add(CollectorType.COUNTER, name, help, new CounterDataPointSnapshot(value, of, null, 0));
  }

  @Override
  public void gauge(String name, String help, double value, String... labels) {
    Labels of = Labels.of(labels);
    add(CollectorType.GAUGE, name, help, new GaugeDataPointSnapshot(value, of, null));
  }

  @Override
  public void histogram(
      String name, String help, double[] bounds, long[] counts, double sum, String... labels) {
    double[] all = Arrays.copyOf(bounds, bounds.length + 1);
    all[bounds.length] = Double.POSITIVE_INFINITY;
    ClassicHistogramBuckets buckets = ClassicHistogramBuckets.of(all, counts);
    Labels of = Labels.of(labels);
    add(
        CollectorType.HISTOGRAM,
        name,
        help,
        new HistogramDataPointSnapshot(buckets, sum, of, Exemplars.EMPTY, 0));
  }

  /** A distribution of which only this is known. */
  void summary(String name, String help, long count, double sum, String... labels) {
    Labels of = Labels.of(labels);
    add(
        CollectorType.SUMMARY,
        name,
        help,
        new SummaryDataPointSnapshot(count, sum, Quantiles.EMPTY, of, Exemplars.EMPTY, 0));
  }

  private void add(CollectorType type, String name, String help, DataPointSnapshot series) {
    Family family =
        byName.computeIfAbsent(name, n -> new Family(type, help, new LinkedHashMap<>()));
    if (family.type() == type) {
      family.series().putIfAbsent(series.getLabels(), series);
    }
  }

  /** Adds a metric of the application; a plugin's of the same name stays. */
  void add(Collector<?> collector) {
    CollectorSpec spec = collector.spec();
    List<? extends DataPointSnapshot> series = collector.snapshot().getDataPoints();
    if (!series.isEmpty() && !byName.containsKey(spec.fullName())) {
      series.forEach(each -> add(spec.type(), spec.fullName(), spec.help(), each));
    }
  }

  /** The names of all samples. */
  Set<String> sampleNames() {
    Set<String> names = new HashSet<>();
    byName.forEach((name, family) -> names.addAll(CollectorSpec.sampleNames(family.type(), name)));
    return names;
  }

  /** All of them, by name. */
  List<MetricSnapshot> snapshots() {
    return byName.entrySet().stream()
        .map(family -> family.getValue().snapshot(family.getKey()))
        .toList();
  }
}
