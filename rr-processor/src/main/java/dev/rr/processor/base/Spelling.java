package dev.rr.processor.base;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Spellings: identifiers to keys, and the nearest valid name to a wrong one. The distance is
 * computed here once more and not taken from {@code Nearest} of lib/api: that library is compiled
 * with this processor, which therefore cannot depend on it. Any thread.
 */
public final class Spelling {
  private Spelling() {}

  /** {@code numWorkers} as {@code num_workers}, {@code idleTTL} as {@code idle_ttl}. */
  public static String snake(String camel) {
    return camel
        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }

  /** The text with its first letter in upper case. */
  public static String capital(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** The valid name that {@code wrong} is most likely meant to be; none when nothing is near. */
  public static Optional<String> nearest(String wrong, Collection<String> valid) {
    String best = null;
    int least = Math.max(1, wrong.length() / 3) + 1;
    for (String name : new TreeSet<>(valid)) {
      int distance = distance(wrong.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Letters to insert, remove, change or swap with a neighbour. */
  public static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : step(d, a, b, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int step(int[][] d, String a, String b, int i, int j) {
    int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int best = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}
