package dev.rr.plugin.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.NativeHistogramBucket;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The format in which Prometheus asks for native histograms: messages {@code MetricFamily}, each
 * behind its length. The numbers are those of fields in {@code io/prometheus/client/metrics.proto}.
 * Stateless.
 */
final class ProtobufFormat {
  static final String CONTENT_TYPE =
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
          + " encoding=delimited; escaping=underscores";

  private ProtobufFormat() {}

  static void write(Iterable<MetricSnapshot> metrics, OutputStream to) throws IOException {
    for (MetricSnapshot metric : metrics) {
      to.write(new ProtoBytes().delimited(family(metric)).bytes());
    }
  }

  private static ProtoBytes family(MetricSnapshot metric) {
    String help = metric.getMetadata().getHelp();
    ProtoBytes family =
        new ProtoBytes()
            .text(1, metric.getMetadata().getName())
            .text(2, help == null ? "" : help)
            .number(3, type(TextFormat.type(metric)));
    for (DataPointSnapshot series : metric.getDataPoints()) {
      family.message(4, series(series));
    }
    return family;
  }

  private static int type(CollectorType type) {
    return switch (type) {
      case COUNTER -> 0;
      case GAUGE -> 1;
      case SUMMARY -> 2;
      case HISTOGRAM -> 4;
    };
  }

  private static ProtoBytes series(DataPointSnapshot series) {
    ProtoBytes metric = new ProtoBytes();
    Labels labels = series.getLabels();
    for (int i = 0; i < labels.size(); i++) {
      metric.message(
          1, new ProtoBytes().text(1, labels.getPrometheusName(i)).text(2, labels.getValue(i)));
    }
    return switch (series) {
      case GaugeDataPointSnapshot gauge ->
          metric.message(2, new ProtoBytes().decimal(1, gauge.getValue()));
      case CounterDataPointSnapshot counter ->
          metric.message(3, new ProtoBytes().decimal(1, counter.getValue()));
      case SummaryDataPointSnapshot summary -> metric.message(4, summary(summary));
      case HistogramDataPointSnapshot histogram -> metric.message(7, histogram(histogram));
      default -> throw new IllegalArgumentException(series.getClass().getName());
    };
  }

  private static ProtoBytes summary(SummaryDataPointSnapshot summary) {
    ProtoBytes out = new ProtoBytes().number(1, summary.getCount()).decimal(2, summary.getSum());
    for (Quantile quantile : summary.getQuantiles()) {
      out.message(
          3, new ProtoBytes().decimal(1, quantile.getQuantile()).decimal(2, quantile.getValue()));
    }
    return out;
  }

  private static ProtoBytes histogram(HistogramDataPointSnapshot histogram) {
    ProtoBytes out = new ProtoBytes();
    ClassicHistogramBuckets buckets = histogram.getClassicBuckets();
    long count = 0;
    for (int i = 0; i < buckets.size(); i++) {
      count += buckets.getCount(i);
      out.message(3, new ProtoBytes().number(1, count).decimal(2, buckets.getUpperBound(i)));
    }
    out.number(1, count).decimal(2, histogram.getSum());
    if (histogram.hasNativeHistogramData()) {
      out.signed(5, histogram.getNativeSchema())
          .decimal(6, histogram.getNativeZeroThreshold())
          .number(7, histogram.getNativeZeroCount());
      buckets(out, 9, histogram.getNativeBucketsForNegativeValues());
      buckets(out, 12, histogram.getNativeBucketsForPositiveValues());
      if (histogram.getNativeBucketsForPositiveValues().size() == 0) {
        // An empty span tells a native histogram without observations from one that is none.
        out.message(12, new ProtoBytes().signed(1, 0).number(2, 0));
      }
    }
    return out;
  }

  /** Spans of neighbours in {@code field}, and in the next one by how much each count differs. */
  private static void buckets(ProtoBytes out, int field, NativeHistogramBuckets buckets) {
    int next = 0;
    int offset = 0;
    int length = 0;
    long before = 0;
    for (NativeHistogramBucket bucket : buckets) {
      if (length > 0 && bucket.getBucketIndex() != next) {
        span(out, field, offset, length);
        length = 0;
      }
      if (length == 0) {
        offset = bucket.getBucketIndex() - next;
      }
      length++;
      next = bucket.getBucketIndex() + 1;
      out.signed(field + 1, bucket.getCount() - before);
      before = bucket.getCount();
    }
    if (length > 0) {
      span(out, field, offset, length);
    }
  }

  private static void span(ProtoBytes out, int field, int offset, int length) {
    out.message(field, new ProtoBytes().signed(1, offset).number(2, length));
  }
}
