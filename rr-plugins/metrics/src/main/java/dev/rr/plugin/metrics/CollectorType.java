package dev.rr.plugin.metrics;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a collector measures. */
enum CollectorType {
  /** Only grows. */
  COUNTER,
  /** Goes up and down. */
  GAUGE,
  /** Counts observations by size. */
  HISTOGRAM,
  /** Tells quantiles of the last minutes' observations. */
  SUMMARY;

  /** As configurations and workers spell it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<CollectorType> of(String word) {
    return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
  }
}
