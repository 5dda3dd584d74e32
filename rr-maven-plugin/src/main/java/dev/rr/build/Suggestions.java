package dev.rr.build;

import dev.rr.processor.base.Spelling;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the names somebody may have meant. Stateless. */
public final class Suggestions {
  private Suggestions() {}

  /** Up to three names that are a few letters away, the nearest first. */
  public static List<String> to(String name, Collection<String> known) {
    String wanted = name.toLowerCase(Locale.ROOT);
    int limit = Math.max(2, name.length() / 3);
    return known.stream()
        .filter(k -> Spelling.distance(wanted, k) <= limit || k.startsWith(wanted))
        .distinct()
        .sorted(
            Comparator.comparingInt((String k) -> Spelling.distance(wanted, k))
                .thenComparing(Comparator.naturalOrder()))
        .limit(3)
        .toList();
  }
}
