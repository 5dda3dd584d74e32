package dev.rr.plugin.dashboard;

import dev.rr.api.metrics.MetricsSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One look at the metrics of all plugins: what the page understands, and the rest. One thread. */
final class Figures implements MetricsSink {
  /** A plugin with more figures than this wants another tool. */
  static final int MOST = 100;

  /** What the workers themselves tell better. */
  private static final Pattern OF_POOLS =
      Pattern.compile("rr_.*(_total_workers|_workers_(memory_bytes|ready|working|invalid))");

  /** A figure that the page shows as it is. */
  record Figure(String plugin, String name, String help, double value) {}

  private final List<Figure> others = new ArrayList<>();
  private String plugin = "";
  private double requests = -1;
  private double failed;
  private double running = -1;
  private @Nullable Latencies latencies;

  /** Whose metrics come next. */
  void of(String id) {
    plugin = id;
  }

  @Override
  public void counter(String name, String help, double value, String... labels) {
    if (name.equals("rr_http_request_total")) {
      requests = Math.max(0, requests) + value;
      failed += isServerFault(labels) ? value : 0;
    } else {
      other(name, help, value, labels);
    }
  }

  private static boolean isServerFault(String... labels) {
    return labels.length > 1 && labels[0].equals("status") && labels[1].startsWith("5");
  }

  @Override
  public void gauge(String name, String help, double value, String... labels) {
    if (name.equals("rr_http_requests_queue")) {
      running = value;
      // It is there before the first request is counted.
      requests = Math.max(0, requests);
    } else if (!OF_POOLS.matcher(name).matches()) {
      other(name, help, value, labels);
    }
  }

  private void other(String name, String help, double value, String... labels) {
    if (labels.length == 0 && others.size() < MOST) {
      others.add(new Figure(plugin, name, help, value));
    }
  }

  @Override
  public void histogram(
      String name, String help, double[] bounds, long[] counts, double sum, String... labels) {
    if (name.equals("rr_http_request_duration_seconds")) {
      Latencies these = new Latencies(bounds, counts);
      latencies = latencies == null ? these : latencies.plus(these);
    }
  }

  /** Requests answered so far; -1 where nobody counts them. */
  double requests() {
    return requests;
  }

  /** Those of them that ended with 500 or more. */
  double failed() {
    return failed;
  }

  /** Requests under way; -1 where nobody counts them. */
  double running() {
    return running;
  }

  /** How long requests took, since the start; null where nobody measures it. */
  @Nullable Latencies latencies() {
    return latencies;
  }

  List<Map<String, Object>> others() {
    return others.stream()
        .map(f ->
            Map.<String, Object>of(
                "plugin", f.plugin(), "name", f.name(), "help", f.help(), "value", f.value()))
        .toList();
  }
}
