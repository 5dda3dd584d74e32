package dev.rr.api.config;

import java.util.List;

/**
 * A value that may be written as one text or as a list, where the difference matters: a command.
 *
 * @param values one entry when it was text; never null entries
 * @param list whether it was written as a list
 */
public record StringOrList(List<String> values, boolean list) {
  /** Nothing. */
  public static final StringOrList EMPTY = new StringOrList(List.of(), false);

  public StringOrList {
    values = List.copyOf(values);
  }

  /** One text. */
  public static StringOrList of(String text) {
    return text.isEmpty() ? EMPTY : new StringOrList(List.of(text), false);
  }

  /** Whether nothing, or only blank text, was given. */
  public boolean isEmpty() {
    return values.stream().allMatch(String::isBlank);
  }
}
