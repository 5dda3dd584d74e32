package dev.rr.cli;

import java.util.List;

/**
 * A flag of the command line. Immutable.
 *
 * @param names with their dashes, the short one first; the last one names the flag in {@link
 *     Arguments}
 * @param label what stands for its value in help; empty for a flag that is only there or not
 * @param help one line
 */
record Flag(List<String> names, String label, String help) {
  Flag {
    names = List.copyOf(names);
  }

  /** A flag that takes a value. */
  static Flag value(String label, String help, String... names) {
    return new Flag(List.of(names), label, help);
  }

  /** A flag that is there or not. */
  static Flag bool(String help, String... names) {
    return new Flag(List.of(names), "", help);
  }

  String key() {
    return names.getLast();
  }

  boolean takesValue() {
    return !label.isEmpty();
  }
}
