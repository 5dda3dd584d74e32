package dev.rr.plugin.metrics;

import dev.rr.http.QualityValues;
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

  PROTOBUF(ProtobufFormat.CONTENT_TYPE) {
    @Override
    void write(List<MetricSnapshot> metrics, OutputStream to) throws IOException {
      ProtobufFormat.write(metrics, to);
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
   * The format for a client that says this of what it takes. Protobuf is for one that would rather
   * have it than text: Prometheus says so when it stores native histograms. A client that names
   * plain text beside OpenMetrics gets plain text: Prometheus does, and its dashboards know series
   * by the names and labels that plain text has.
   */
  static ExpositionFormat of(List<String> accept) {
    int protobuf = 0;
    int open = 0;
    int text = 0;
    for (String range : String.join(",", accept).toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = range.split(";", -1);
      int weight = QualityValues.of(parts);
      switch (parts[0].strip()) {
        case "application/vnd.google.protobuf" -> protobuf = isFamilies(range) ? weight : 0;
        case "application/openmetrics-text" -> open = Math.max(open, weight);
        case "text/plain" -> text = Math.max(text, weight);
        default -> {}
      }
    }
    if (protobuf > Math.max(open, text)) {
      return PROTOBUF;
    }
    return open > 0 && text == 0 ? OPEN_METRICS : TEXT;
  }

  private static boolean isFamilies(String range) {
    return range.contains("proto=io.prometheus.client.metricfamily")
        && range.contains("encoding=delimited");
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
