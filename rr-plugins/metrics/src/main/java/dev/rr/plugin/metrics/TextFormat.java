package dev.rr.plugin.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The text format 0.0.4 as Go's library prints it: a counter keeps its name, bounds and values are
 * as short as can be, and the description of a metric is there even when it is empty. Dashboards
 * know series by these names and labels. One thread.
 */
final class TextFormat {
  static final String CONTENT_TYPE =
      "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

  /** Characters that are gathered before they are passed on. */
  private static final int CHUNK = 32 * 1024;

  private final OutputStream to;
  private final StringBuilder out = new StringBuilder();

  private TextFormat(OutputStream to) {
    this.to = to;
  }

  static void write(Iterable<MetricSnapshot> metrics, OutputStream to) throws IOException {
    TextFormat format = new TextFormat(to);
    for (MetricSnapshot metric : metrics) {
      format.write(metric);
    }
    format.pass();
  }

  private void write(MetricSnapshot metric) throws IOException {
    String name = metric.getMetadata().getName();
    String help = metric.getMetadata().getHelp();
    out.append("# HELP ").append(name).append(' ');
    escape(help == null ? "" : help, false);
    out.append("\n# TYPE ").append(name).append(' ').append(type(metric).word()).append('\n');
    for (DataPointSnapshot series : metric.getDataPoints()) {
      write(name, series);
      if (out.length() > CHUNK) {
        pass();
      }
    }
  }

  static CollectorType type(MetricSnapshot metric) {
    return switch (metric) {
      case CounterSnapshot counter -> CollectorType.COUNTER;
      case GaugeSnapshot gauge -> CollectorType.GAUGE;
      case HistogramSnapshot histogram -> CollectorType.HISTOGRAM;
      case SummarySnapshot summary -> CollectorType.SUMMARY;
      default -> throw new IllegalArgumentException(metric.getClass().getName());
    };
  }

  private void pass() throws IOException {
    to.write(out.toString().getBytes(StandardCharsets.UTF_8));
    out.setLength(0);
  }

  private void write(String name, DataPointSnapshot series) {
    Labels labels = series.getLabels();
    switch (series) {
      case CounterSnapshot.CounterDataPointSnapshot counter ->
          sample(name, "", labels, counter.getValue());
      case GaugeSnapshot.GaugeDataPointSnapshot gauge -> sample(name, "", labels, gauge.getValue());
      case HistogramDataPointSnapshot histogram -> histogram(name, histogram);
      case SummaryDataPointSnapshot summary -> summary(name, summary);
      default -> throw new IllegalArgumentException(series.getClass().getName());
    }
  }

  private void histogram(String name, HistogramDataPointSnapshot histogram) {
    Labels labels = histogram.getLabels();
    ClassicHistogramBuckets buckets = histogram.getClassicBuckets();
    long count = 0;
    for (int i = 0; i < buckets.size(); i++) {
      count += buckets.getCount(i);
      begin(name, "_bucket");
      labels(labels, "le", buckets.getUpperBound(i));
      value(count);
    }
    sample(name, "_sum", labels, histogram.getSum());
    sample(name, "_count", labels, count);
  }

  private void summary(String name, SummaryDataPointSnapshot summary) {
    Labels labels = summary.getLabels();
    for (Quantile quantile : summary.getQuantiles()) {
      begin(name, "");
      labels(labels, "quantile", quantile.getQuantile());
      value(quantile.getValue());
    }
    sample(name, "_sum", labels, summary.getSum());
    sample(name, "_count", labels, summary.getCount());
  }

  private void sample(String name, String suffix, Labels labels, double value) {
    begin(name, suffix);
    if (!labels.isEmpty()) {
      out.append('{');
      pairs(labels);
      out.append('}');
    }
    value(value);
  }

  private void begin(String name, String suffix) {
    out.append(name).append(suffix);
  }

  private void labels(Labels labels, String own, double bound) {
    out.append('{');
    pairs(labels);
    out.append(labels.isEmpty() ? "" : ",").append(own).append("=\"");
    GoNumbers.append(out, bound);
    out.append("\"}");
  }

  private void pairs(Labels labels) {
    for (int i = 0; i < labels.size(); i++) {
      out.append(i == 0 ? "" : ",").append(labels.getPrometheusName(i)).append("=\"");
      escape(labels.getValue(i), true);
      out.append('"');
    }
  }

  private void value(double value) {
    out.append(' ');
    GoNumbers.append(out, value);
    out.append('\n');
  }

  private void escape(String text, boolean quotes) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        out.append("\\\\");
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c == '"' && quotes) {
        out.append("\\\"");
      } else {
        out.append(c);
      }
    }
  }
}
