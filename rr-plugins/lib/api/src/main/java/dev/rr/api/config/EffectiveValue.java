package dev.rr.api.config;

import java.util.List;

/**
 * A value that is in force, to be shown. Immutable.
 *
 * @param key the keys that lead to it, from the section's on, as written
 * @param value text, a boolean, a number, a list or an empty map; secrets already masked
 * @param source who gave it
 * @param place where it stands; without a file for what stands in none
 * @param variables the environment variables that went into it; empty unless they gave it
 */
public record EffectiveValue(
    List<String> key, Object value, Source source, Problem.Place place, List<String> variables) {
  /** Who gave a value. */
  public enum Source {
    /** It stands in a file. */
    FILE,
    /** It stands in a file, which takes it from the environment. */
    VARIABLE,
    /** {@code -o} gave it. */
    OVERRIDE,
    /** Nobody did. */
    DEFAULT
  }

  public EffectiveValue {
    key = List.copyOf(key);
    variables = List.copyOf(variables);
  }
}
