package dev.rr.api.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses {@code KEY=VALUE} files: {@code export}, comments, quotes, {@code KEY: value}, {@code
 * ${VAR}}. One use, one thread.
 */
public final class DotEnv {
  private static final Pattern KEY =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.]*)\\s*[=:][ \\t]*");
  private static final Pattern REFERENCE =
      Pattern.compile("(\\\\)?\\$(?:\\{([A-Za-z0-9_]+)\\}|([A-Za-z_][A-Za-z0-9_]*))");

  private final String text;
  private final Map<String, String> environment;
  private final SequencedMap<String, String> found = new LinkedHashMap<>();
  private int at;

  private DotEnv(String text, Map<String, String> environment) {
    this.text = text;
    this.environment = environment;
  }

  /**
   * Parses.
   *
   * @param environment what references see when the file itself does not define them
   * @throws IllegalArgumentException with the line and what is wrong
   */
  public static SequencedMap<String, String> parse(String text, Map<String, String> environment) {
    DotEnv parser = new DotEnv(text.replace("\r\n", "\n"), environment);
    parser.run();
    return parser.found;
  }

  private void run() {
    while (at < text.length()) {
      int end = lineEnd(at);
      String line = text.substring(at, end).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        at = end + 1;
      } else {
        pair();
      }
    }
  }

  private void pair() {
    Matcher key = KEY.matcher(text).region(at, lineEnd(at));
    if (!key.lookingAt()) {
      throw new IllegalArgumentException("line " + lineNumber() + " is not KEY=VALUE");
    }
    at = key.end();
    String value = value();
    found.put(key.group(1), value);
    at = lineEnd(at) + 1;
  }

  private String value() {
    char first = at < text.length() ? text.charAt(at) : '\n';
    return switch (first) {
      case '\'' -> quoted('\'');
      case '"' -> expand(escapes(quoted('"')));
      default -> expand(bare());
    };
  }

  private String quoted(char quote) {
    int close = at + 1;
    while (close < text.length() && text.charAt(close) != quote) {
      close += quote == '"' && text.charAt(close) == '\\' ? 2 : 1;
    }
    if (close >= text.length()) {
      throw new IllegalArgumentException(
          "line " + lineNumber() + " has a quote that is never closed");
    }
    String inner = text.substring(at + 1, close);
    at = close;
    return inner;
  }

  private String bare() {
    String line = text.substring(at, lineEnd(at));
    int comment = line.startsWith("#") ? 0 : line.indexOf(" #");
    return (comment < 0 ? line : line.substring(0, comment)).strip();
  }

  private static String escapes(String quoted) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      if (c != '\\' || i + 1 == quoted.length()) {
        out.append(c);
        continue;
      }
      char escaped = quoted.charAt(++i);
      switch (escaped) {
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case '$' -> out.append("\\$");
        default -> out.append(escaped);
      }
    }
    return out.toString();
  }

  private String expand(String value) {
    return REFERENCE
        .matcher(value)
        .replaceAll(reference -> {
          if (reference.group(1) != null) {
            return Matcher.quoteReplacement(reference.group().substring(1));
          }
          String name = reference.group(2) != null ? reference.group(2) : reference.group(3);
          String own = found.get(name);
          return Matcher.quoteReplacement(own != null ? own : environment.getOrDefault(name, ""));
        });
  }

  private int lineEnd(int from) {
    int end = text.indexOf('\n', Math.min(from, text.length()));
    return end < 0 ? text.length() : end;
  }

  private long lineNumber() {
    return text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count()
        + 1;
  }
}
