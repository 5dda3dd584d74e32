package dev.rr.api.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One map of the configuration while it is decoded. Decoding follows upstream's weak rules ({@code
 * "8"} is a number, a bare integer is a duration in nanoseconds, a list of one-entry maps is a map,
 * a scalar is a list of one). A value that cannot be decoded is recorded as a problem and the
 * fallback is returned, so that a reader goes on and all problems are found. One thread.
 */
public interface Section {
  /** The dotted key path, empty for the root. */
  String path();

  /** Whether the section itself is there. */
  boolean present();

  /** Whether {@code key} is there and not null. */
  boolean has(String key);

  /** The keys that are there, in the file's order, lower case. */
  List<String> keys();

  /** Text; numbers and booleans are turned into text. */
  String string(String key, String fallback);

  /** True or false; weak: 1, t, true, yes, on and their opposites, as text or number. */
  boolean bool(String key, boolean fallback);

  /** A whole number within bounds. */
  long integer(String key, long fallback, long min, long max);

  /** A number. */
  double decimal(String key, double fallback);

  /**
   * Go's syntax ({@code 1m30s}, {@code 500ms}); a bare integer is nanoseconds. Negative is a
   * problem.
   */
  Duration duration(String key, Duration fallback);

  /** One of an enum's constants, in lower case with underscores. */
  <E extends Enum<E>> E choice(String key, Class<E> type, E fallback);

  /** A list of texts; text is split at commas. */
  List<String> strings(String key, List<String> fallback);

  /** Text, or a list of texts, unsplit. */
  StringOrList stringOrList(String key, StringOrList fallback);

  /** A map of texts, in the file's order; keys keep the case they have in the file. */
  Map<String, String> map(String key);

  /**
   * Everything in this section as it is written, in the file's order, for a broker that tells
   * {@code 10} and {@code "10"} apart: Boolean, Long, Double, String, List and Map; names keep the
   * case they have in the file.
   */
  Map<String, Object> values();

  /** The section under {@code key}; an empty, not present one when absent. */
  Section section(String key);

  /** A list of sections. */
  List<Section> sections(String key);

  /**
   * A map of sections, in the file's order; names keep the case they have in the file. The empty
   * key stands for this section itself, where its keys are names that the user chooses; a name
   * without a value is left out there, as upstream does.
   */
  Map<String, Section> sectionMap(String key);

  /**
   * This section with the keys of the one below {@code key} behind its own: for sections whose keys
   * stood beside each other before they got a section of their own, as those of pipelines did.
   * Problems name the place where a key really stands.
   */
  Section flattened(String key);

  /**
   * Decodes this section as a record. What it was decoded as is known from then on: its secrets are
   * masked, and its other keys are unknown ones.
   *
   * @throws ConfigException with every problem of the section, none of which is recorded here
   */
  <T> T bind(Binder<T> binder);

  /** Where {@code key} stands, or this section when it is null. */
  Problem.Place place(@Nullable String key);

  /** Records a problem at {@code key}, or at this section when it is null. */
  void problem(@Nullable String key, String message);

  /**
   * Records a warning at {@code key}: what may be right later, such as a name that a client adds.
   */
  default void warn(String key, String message) {}

  /**
   * Has the value of {@code key} parsed, and records the message of an {@code
   * IllegalArgumentException} there, or at this section when {@code key} is null.
   */
  default void parse(@Nullable String key, Runnable parsing) {
    try {
      parsing.run();
    } catch (IllegalArgumentException e) {
      problem(key, String.valueOf(e.getMessage()));
    }
  }

  /** Records that a key has to be there. */
  void missing(String key, String expected);

  /**
   * How many problems were recorded so far, on this section and on any other of the same reading. A
   * binder compares it to learn whether its values are fallbacks; 0 from a section that does not
   * count.
   */
  default int problemCount() {
    return 0;
  }

  /**
   * This section for the rules of the record that was decoded from it: what they say of a key that
   * is wrong already, or of the whole section when one of its keys is, is not recorded.
   */
  default Section rules() {
    return this;
  }

  /** As {@link #string(String, String)}, empty when the key is absent. */
  default Optional<String> string(String key) {
    return has(key) ? Optional.of(string(key, "")) : Optional.empty();
  }

  /** As {@link #duration(String, Duration)}, empty when the key is absent. */
  default Optional<Duration> duration(String key) {
    return has(key) ? Optional.of(duration(key, Duration.ZERO)) : Optional.empty();
  }
}
