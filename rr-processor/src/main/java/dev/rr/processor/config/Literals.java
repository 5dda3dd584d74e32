package dev.rr.processor.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Defaults as they are written in annotations. */
final class Literals {
  private Literals() {}

  static Optional<Long> whole(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException notWhole) {
      return Optional.empty();
    }
  }

  static Optional<Double> decimal(String text) {
    try {
      double number = Double.parseDouble(text);
      return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException notNumber) {
      return Optional.empty();
    }
  }

  /** Texts split at commas, as in a configuration file. */
  static List<String> list(String text) {
    return text.isEmpty() ? List.of() : Arrays.stream(text.split(",")).map(String::strip).toList();
  }
}
