package dev.rr.plugin.metrics;

import dev.rr.api.error.OperationException;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.StatefulMetric;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjDoubleConsumer;
import java.util.stream.Collectors;

/**
 * A declared metric with its series, which begin when they are first touched. Any thread; a series
 * that is there is found without a lock.
 *
 * @param <D> one series
 */
final class Collector<D extends DataPoint> {
  private final CollectorSpec spec;
  private final StatefulMetric<D, ?> metric;
  private final Map<Operation, ObjDoubleConsumer<D>> operations;
  private final SampleBudget budget;
  private final Map<List<String>, D> series = new ConcurrentHashMap<>();

  /** Guarded by this, as is the beginning of a series. */
  private long taken;

  private boolean closed;

  private Collector(
      CollectorSpec spec,
      StatefulMetric<D, ?> metric,
      Map<Operation, ObjDoubleConsumer<D>> operations,
      SampleBudget budget) {
    this.spec = spec;
    this.metric = metric;
    this.operations = operations;
    this.budget = budget;
  }

  /**
   * A collector as declared.
   *
   * @throws IllegalArgumentException when there is no room for it
   */
  static Collector<?> of(CollectorSpec spec, SampleBudget budget) {
    Collector<?> made =
        switch (spec.type()) {
          case COUNTER -> counter(spec, budget);
          case GAUGE -> gauge(spec, budget);
          case HISTOGRAM -> new Collector<>(spec, histogram(spec), observing(), budget);
          case SUMMARY -> new Collector<>(spec, summary(spec), observing(), budget);
        };
    made.open();
    return made;
  }

  private static Collector<CounterDataPoint> counter(CollectorSpec spec, SampleBudget budget) {
    Counter counter =
        Counter.builder()
            .name(spec.fullName())
            .labelNames(spec.labels().toArray(String[]::new))
            .withoutExemplars()
            .build();
    return new Collector<>(spec, counter, Map.of(Operation.ADD, Collector::increase), budget);
  }

  private static void increase(CounterDataPoint counter, double value) {
    if (value < 0) {
      throw new IllegalArgumentException("counter cannot decrease in value");
    }
    counter.inc(value);
  }

  private static Collector<GaugeDataPoint> gauge(CollectorSpec spec, SampleBudget budget) {
    Gauge gauge =
        Gauge.builder()
            .name(spec.fullName())
            .labelNames(spec.labels().toArray(String[]::new))
            .withoutExemplars()
            .build();
    return new Collector<>(
        spec,
        gauge,
        Map.of(
            Operation.ADD, GaugeDataPoint::inc,
            Operation.SUB, GaugeDataPoint::dec,
            Operation.SET, GaugeDataPoint::set),
        budget);
  }

  private static Map<Operation, ObjDoubleConsumer<DistributionDataPoint>> observing() {
    return Map.of(Operation.OBSERVE, DistributionDataPoint::observe);
  }

  private static Histogram histogram(CollectorSpec spec) {
    Histogram.Builder histogram =
        Histogram.builder()
            .name(spec.fullName())
            .labelNames(spec.labels().toArray(String[]::new))
            .withoutExemplars()
            .nativeMaxNumberOfBuckets(SampleBudget.NATIVE)
            .classicUpperBounds(spec.buckets().stream().mapToDouble(Double::doubleValue).toArray());
    return spec.nativeBuckets() ? histogram.build() : histogram.classicOnly().build();
  }

  private static Summary summary(CollectorSpec spec) {
    Summary.Builder summary =
        Summary.builder()
            .name(spec.fullName())
            .labelNames(spec.labels().toArray(String[]::new))
            .withoutExemplars();
    spec.objectives().forEach(summary::quantile);
    return summary.build();
  }

  private synchronized void open() {
    take(SampleBudget.cost(spec));
    if (spec.labels().isEmpty()) {
      try {
        begin(List.of());
      } catch (IllegalArgumentException full) {
        close();
        throw full;
      }
    }
  }

  CollectorSpec spec() {
    return spec;
  }

  /** Changes the series of these label values, which one without labels does not look at. */
  void apply(Operation operation, double value, List<String> values) throws OperationException {
    ObjDoubleConsumer<D> change = operations.get(operation);
    if (change == null) {
      throw operation.unsupported(spec.name());
    }
    List<String> wanted = spec.labels().isEmpty() ? List.of() : values;
    if (wanted.isEmpty() && !spec.labels().isEmpty()) {
      throw operation.labelsRequired(spec);
    }
    try {
      change.accept(series(wanted, operation), value);
    } catch (IllegalArgumentException e) {
      throw operation.failed(String.valueOf(e.getMessage()));
    }
  }

  private D series(List<String> values, Operation operation) throws OperationException {
    D found = series.get(values);
    if (found != null) {
      return found;
    }
    synchronized (this) {
      if (closed) {
        throw operation.undefined(spec.name());
      }
      found = series.get(values);
      return found == null ? begin(values) : found;
    }
  }

  private D begin(List<String> values) {
    int expected = spec.labels().size();
    if (values.size() != expected) {
      throw new IllegalArgumentException(
          "inconsistent label cardinality: expected %d label values but got %d in []string{%s}"
              .formatted(expected, values.size(), quoted(values)));
    }
    take(SampleBudget.cost(spec, values));
    D begun = metric.labelValues(values.toArray(String[]::new));
    series.put(List.copyOf(values), begun);
    return begun;
  }

  private static String quoted(List<String> values) {
    return values.stream().map(value -> '"' + value + '"').collect(Collectors.joining(", "));
  }

  private void take(long samples) {
    budget.take(samples, spec.name());
    taken += samples;
  }

  /** Gives its room back; no series begins any more. */
  synchronized void close() {
    closed = true;
    budget.give(taken);
    taken = 0;
  }

  /** Every series as it is now. */
  MetricSnapshot snapshot() {
    return metric.collect();
  }
}
