package dev.rr.cli.command;

import java.util.List;

/**
 * A flag of the command line. Immutable.
 *
 * @param names with their dashes, the short one first; the last one names the flag in {@link
 *     Arguments}
 * @param value what it takes; nothing for a flag that is only there or not
 * @param help one line
 */
public record Flag(List<String> names, Words value, String help) {
  /** The label of a flag that takes the path of a file; completion offers files for it. */
  public static final String FILE = "file";

  /** The label of a flag that takes the path of a directory. */
  public static final String DIRECTORY = "directory";

  public Flag {
    names = List.copyOf(names);
  }

  /** A flag that takes a value. */
  public static Flag value(String label, String help, String... names) {
    return new Flag(List.of(names), Words.any(label), help);
  }

  /** A flag that takes one of some words. */
  public static Flag choice(Words words, String help, String... names) {
    return new Flag(List.of(names), words, help);
  }

  /** A flag that is there or not. */
  public static Flag bool(String help, String... names) {
    return new Flag(List.of(names), Words.NONE, help);
  }

  /** The name by which {@link Arguments} know it. */
  public String key() {
    return names.getLast();
  }

  /** Whether a value has to follow. */
  public boolean takesValue() {
    return !value.isEmpty();
  }
}
