package dev.rr.plugin.nats;

import java.util.regex.Pattern;

/**
 * Names in NATS: words with dots between; {@code *} stands for one word, {@code >} for the rest.
 */
final class Subjects {
  private static final Pattern WORD = Pattern.compile("[^\\s.*>]+|\\*");
  private static final Pattern NAME = Pattern.compile("[^\\s.*>/\\\\]+");
  private static final Pattern PLAIN = Pattern.compile("[\\w-]{1,200}");

  private Subjects() {}

  /** Whether it is a subject, which may have wildcards. */
  static boolean isSubject(String subject) {
    String[] words = subject.split("\\.", -1);
    for (int i = 0; i < words.length; i++) {
      boolean rest = words[i].equals(">") && i == words.length - 1;
      if (!rest && !WORD.matcher(words[i]).matches()) {
        return false;
      }
    }
    return true;
  }

  /** Whether a stream may have this name. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Whether all that the second stands for is among what the first stands for. */
  static boolean covers(String wide, String narrow) {
    String[] wider = wide.split("\\.", -1);
    String[] other = narrow.split("\\.", -1);
    for (int i = 0; i < wider.length; i++) {
      if (wider[i].equals(">")) {
        return i < other.length;
      }
      boolean any = wider[i].equals("*") && i < other.length && !other[i].equals(">");
      if (!any && (i == other.length || !wider[i].equals(other[i]))) {
        return false;
      }
    }
    return wider.length == other.length;
  }

  /** The name of a pipeline's consumer, the same each time and another for each pipeline. */
  static String consumer(String pipeline) {
    return PLAIN.matcher(pipeline).matches()
        ? "rr-" + pipeline
        : "rr-" + replaced(pipeline) + "-" + Integer.toHexString(pipeline.hashCode());
  }

  private static String replaced(String pipeline) {
    String plain = pipeline.replaceAll("[^\\w-]", "_");
    return plain.substring(0, Math.min(plain.length(), 100));
  }
}
