package dev.rr.plugin.server;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Variables of the configuration on their way into an environment. */
final class Variables {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$(?:\\{([^}]*)}|([A-Za-z_][A-Za-z0-9_]*))");

  private Variables() {}

  /**
   * Puts the variables into {@code target}: names in upper case, references expanded against {@code
   * own}.
   */
  static void put(
      Map<String, String> variables, Map<String, String> own, Map<String, String> target) {
    variables.forEach((name, value) -> target.put(upper(name), expand(value, own)));
  }

  /** A name as upstream writes it. */
  static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  /** {@code $NAME} and {@code ${NAME}} replaced; an unknown name is empty. */
  static String expand(String value, Map<String, String> own) {
    Matcher match = REFERENCE.matcher(value);
    StringBuilder out = new StringBuilder();
    while (match.find()) {
      String name = match.group(1) == null ? match.group(2) : match.group(1);
      match.appendReplacement(out, Matcher.quoteReplacement(own.getOrDefault(name, "")));
    }
    return match.appendTail(out).toString();
  }
}
