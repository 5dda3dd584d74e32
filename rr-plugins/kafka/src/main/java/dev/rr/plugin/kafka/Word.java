package dev.rr.plugin.kafka;

import dev.rr.api.config.Nearest;
import java.util.Arrays;
import java.util.List;

/** One of the words that upstream's keys allow, which are written in several ways. */
interface Word {
  /** As it stands in a configuration. */
  String word();

  /**
   * The constant of this word; case does not count.
   *
   * @param unknown what is said of another, upstream's text
   * @throws IllegalArgumentException with the words that are allowed
   */
  static <E extends Enum<E> & Word> E of(Class<E> type, String text, E fallback, String unknown) {
    if (text.isBlank()) {
      return fallback;
    }
    List<E> all = Arrays.asList(type.getEnumConstants());
    return all.stream()
        .filter(constant -> constant.word().equalsIgnoreCase(text.strip()))
        .findFirst()
        .orElseThrow(() -> unknown(all.stream().map(Word::word).toList(), text, unknown));
  }

  private static IllegalArgumentException unknown(List<String> words, String text, String unknown) {
    String near = Nearest.to(text, words);
    return new IllegalArgumentException(
        unknown
            + ": "
            + text
            + "; allowed: "
            + String.join(", ", words)
            + (near == null ? "" : "; did you mean " + near + "?"));
  }
}
