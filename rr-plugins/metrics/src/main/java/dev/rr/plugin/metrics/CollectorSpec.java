package dev.rr.plugin.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a collector was declared as. Characters that names may not have become underscores, as
 * upstream prints them.
 *
 * @param name what callers know it by; the last part of the full name
 * @param labels names, in the order in which callers give values
 * @param buckets upper bounds, ascending, without infinity; upstream's own when none are given
 * @param objectives quantiles and the error that each may have
 * @param nativeBuckets whether a histogram has native buckets beside the others
 */
record CollectorSpec(
    String name,
    String namespace,
    String subsystem,
    CollectorType type,
    String help,
    List<String> labels,
    List<Double> buckets,
    SortedMap<Double, Double> objectives,
    boolean nativeBuckets) {
  private static final List<Double> BUCKETS =
      List.of(.005, .01, .025, .05, .1, .25, .5, 1.0, 2.5, 5.0, 10.0);

  /** Beyond this an observation takes a hundred microseconds, and a series megabytes. */
  private static final double FINEST = 1_000;

  CollectorSpec {
    labels = labels.stream().map(CollectorSpec::escaped).toList();
    buckets = buckets.isEmpty() ? BUCKETS : withoutInfinity(buckets);
    objectives = new TreeMap<>(objectives);
  }

  private static String escaped(String name) {
    return PrometheusNaming.escapeName(name, EscapingScheme.UNDERSCORE_ESCAPING);
  }

  private static List<Double> withoutInfinity(List<Double> buckets) {
    return buckets.getLast() == Double.POSITIVE_INFINITY
        ? List.copyOf(buckets.subList(0, buckets.size() - 1))
        : List.copyOf(buckets);
  }

  /** As it is scraped. */
  String fullName() {
    return escaped(
        Stream.of(namespace, subsystem, name)
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("_")));
  }

  /** Every name that a scrape would have of it, the full one first. */
  SequencedSet<String> sampleNames() {
    return sampleNames(type, fullName());
  }

  static SequencedSet<String> sampleNames(CollectorType type, String name) {
    SequencedSet<String> names = new LinkedHashSet<>(Set.of(name));
    if (type == CollectorType.HISTOGRAM) {
      names.add(name + "_bucket");
    }
    if (type == CollectorType.HISTOGRAM || type == CollectorType.SUMMARY) {
      names.addAll(List.of(name + "_count", name + "_sum"));
    }
    return names;
  }

  /** Whether a scrape would describe both in the same words. */
  boolean describedAs(CollectorSpec other) {
    return help.equals(other.help) && new HashSet<>(labels).equals(new HashSet<>(other.labels));
  }

  /** How upstream's registry prints it. */
  String description() {
    return "Desc{fqName: \"%s\", help: \"%s\", constLabels: {}, variableLabels: {%s}}"
        .formatted(fullName(), help, String.join(",", labels));
  }

  /**
   * Looks at what no collector can be made of.
   *
   * @throws IllegalArgumentException that says so
   */
  void check() {
    if (name.isEmpty()) {
      throw invalid("\"\" is not a valid metric name");
    }
    Set<String> seen = new HashSet<>();
    for (String label : labels) {
      checkLabel(label);
      if (!seen.add(label)) {
        throw invalid(
            "duplicate label names in constant and variable labels for metric", fullName());
      }
    }
    if (type == CollectorType.HISTOGRAM) {
      checkBuckets();
    } else if (type == CollectorType.SUMMARY) {
      objectives.forEach(CollectorSpec::checkObjective);
    }
  }

  private void checkLabel(String label) {
    if (label.isEmpty() || label.startsWith("__")) {
      throw invalid("\"" + label + "\" is not a valid label name for metric", fullName());
    }
    Map<CollectorType, String> own =
        Map.of(CollectorType.HISTOGRAM, "le", CollectorType.SUMMARY, "quantile");
    if (label.equals(own.get(type))) {
      throw new IllegalArgumentException(
          "\"%s\" is not allowed as label name: a %s has its own".formatted(label, type.word()));
    }
  }

  private void checkBuckets() {
    double before = Double.NEGATIVE_INFINITY;
    for (double bucket : buckets) {
      if (!Double.isFinite(bucket)) {
        throw new IllegalArgumentException("histogram buckets must be numbers, not " + bucket);
      }
      if (before >= bucket) {
        throw new IllegalArgumentException(
            "histogram buckets must be in increasing order: %s >= %s"
                .formatted(GoNumbers.text(before), GoNumbers.text(bucket)));
      }
      before = bucket;
    }
  }

  private static void checkObjective(double quantile, double error) {
    if (!(quantile >= 0 && quantile <= 1 && error >= 0 && error <= 1)) {
      throw new IllegalArgumentException(
          "objectives are quantiles and their errors, all of them from 0 to 1, not %s: %s"
              .formatted(GoNumbers.text(quantile), GoNumbers.text(error)));
    }
    if (fineness(quantile, error) > FINEST) {
      throw new IllegalArgumentException(
          "the error %s of the quantile %s is too small, each observation would take long: it has to be %s at least"
              .formatted(
                  GoNumbers.text(error),
                  GoNumbers.text(quantile),
                  GoNumbers.text(Math.min(quantile, 1 - quantile) / FINEST)));
    }
  }

  /**
   * How fine an objective is: what it remembers, and the time each observation takes, grow with it.
   * The least and the greatest value are remembered as they are.
   */
  static double fineness(double quantile, double error) {
    double rest = Math.min(quantile, 1 - quantile);
    return rest == 0 ? 0 : rest / error;
  }

  private IllegalArgumentException invalid(String what, String metric) {
    return invalid(what + " \"" + metric + "\"");
  }

  private IllegalArgumentException invalid(String what) {
    return new IllegalArgumentException("descriptor " + description() + " is invalid: " + what);
  }
}
