package dev.rr.process;

import java.util.Locale;
import java.util.Map;

/**
 * Variables of the configuration, whose references are already expanded, on their way into an
 * environment. Any thread.
 */
public final class Variables {
  private Variables() {}

  /** Puts the variables into {@code target}, names in upper case as upstream writes them. */
  public static void put(Map<String, String> variables, Map<String, String> target) {
    variables.forEach((name, value) -> target.put(name.toUpperCase(Locale.ROOT), value));
  }
}
