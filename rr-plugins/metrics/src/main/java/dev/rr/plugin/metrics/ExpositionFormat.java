package dev.rr.plugin.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How a scrape is written. Stateless. */
enum ExpositionFormat {
  TEXT(TextFormat.CONTENT_TYPE) {
    @Override
    void write(List<MetricSnapshot> metrics, OutputStream to) throws IOException {
      TextFormat.write(metrics, to);
    }
  },

  OPEN_METRICS(OpenMetricsTextFormatWriter.CONTENT_TYPE) {
    @Override
    void write(List<MetricSnapshot> metrics, OutputStream to) throws IOException {
      // Two metrics may differ in _total alone, which this format does not let them.
      Set<String> families = new HashSet<>();
      List<MetricSnapshot> told =
          metrics.stream()
              .filter(metric -> families.add(family(metric)))
              .map(ExpositionFormat::named)
              .toList();
      OpenMetricsTextFormatWriter.create()
          .write(to, new MetricSnapshots(told), EscapingScheme.UNDERSCORE_ESCAPING);
    }
  };

  private static final String TOTAL = "_total";

  private final String contentType;

  ExpositionFormat(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }

  abstract void write(List<MetricSnapshot> metrics, OutputStream to) throws IOException;

  /**
   * The format for a client that says this of what it takes. A client that names plain text as well
   * gets that: Prometheus does, and its dashboards know series by the names and labels that plain
   * text has.
   */
  static ExpositionFormat of(List<String> accept) {
    String all = String.join(",", accept).toLowerCase(Locale.ROOT);
    return all.contains("application/openmetrics-text") && !all.contains("text/plain")
        ? OPEN_METRICS
        : TEXT;
  }

  private static String family(MetricSnapshot metric) {
    String name = metric.getMetadata().getName();
    return metric instanceof CounterSnapshot && name.endsWith(TOTAL)
        ? name.substring(0, name.length() - TOTAL.length())
        : name;
  }

  /** A counter under another name than the format has for counters stays what it is called. */
  private static MetricSnapshot named(MetricSnapshot metric) {
    if (!(metric instanceof CounterSnapshot counter)
        || metric.getMetadata().getName().endsWith(TOTAL)) {
      return metric;
    }
    return new UnknownSnapshot(
        metric.getMetadata(),
        counter.getDataPoints().stream()
            .map(p -> new UnknownDataPointSnapshot(p.getValue(), p.getLabels(), null))
            .toList());
  }
}
