package dev.rr.plugin.logger;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Turns a layout written as Go's reference time, {@code 2006-01-02 15:04:05}, into a formatter. */
final class GoTimeLayout {
  static final String RFC3339 = "2006-01-02T15:04:05Z07:00";

  /**
   * Go's tokens, longer ones before their beginnings, and the pattern letters that mean the same.
   */
  private static final Map<String, String> TOKENS = new LinkedHashMap<>();

  static {
    TOKENS.put("January", "MMMM");
    TOKENS.put("Jan", "MMM");
    TOKENS.put("Monday", "EEEE");
    TOKENS.put("Mon", "EEE");
    TOKENS.put("MST", "zzz");
    TOKENS.put("2006", "yyyy");
    TOKENS.put("Z07:00:00", "XXXXX");
    TOKENS.put("Z070000", "XXXX");
    TOKENS.put("Z07:00", "XXX");
    TOKENS.put("Z0700", "XX");
    TOKENS.put("Z07", "X");
    TOKENS.put("-07:00:00", "xxxxx");
    TOKENS.put("-070000", "xxxx");
    TOKENS.put("-07:00", "xxx");
    TOKENS.put("-0700", "xx");
    TOKENS.put("-07", "x");
    TOKENS.put("002", "DDD");
    TOKENS.put("01", "MM");
    TOKENS.put("02", "dd");
    TOKENS.put("03", "hh");
    TOKENS.put("04", "mm");
    TOKENS.put("05", "ss");
    TOKENS.put("06", "yy");
    TOKENS.put("15", "HH");
    TOKENS.put("__2", "pppD");
    TOKENS.put("_2", "ppd");
    TOKENS.put("PM", "a");
    TOKENS.put("1", "M");
    TOKENS.put("2", "d");
    TOKENS.put("3", "h");
    TOKENS.put("4", "m");
    TOKENS.put("5", "s");
  }

  private GoTimeLayout() {}

  /** The formatter; text that is no token stands for itself. */
  static DateTimeFormatter of(String layout) {
    DateTimeFormatterBuilder out = new DateTimeFormatterBuilder();
    int at = 0;
    while (at < layout.length()) {
      int fraction = fractionLength(layout, at);
      String token = fraction > 0 ? "" : tokenAt(layout, at);
      if (fraction > 0) {
        fraction(out, layout, at, fraction);
        at += fraction + 1;
      } else if (token.equals("pm")) {
        out.appendText(ChronoField.AMPM_OF_DAY, Map.of(0L, "am", 1L, "pm"));
        at += token.length();
      } else if (token.equals("MST")) {
        out.appendZoneText(TextStyle.SHORT);
        at += token.length();
      } else if (!token.isEmpty()) {
        out.appendPattern(TOKENS.getOrDefault(token, ""));
        at += token.length();
      } else {
        out.appendLiteral(layout.charAt(at++));
      }
    }
    return out.toFormatter(Locale.ENGLISH);
  }

  private static String tokenAt(String layout, int at) {
    if (layout.startsWith("pm", at)) {
      return "pm";
    }
    for (String token : TOKENS.keySet()) {
      if (layout.startsWith(token, at)) {
        // "Month" begins with Mon and "Janet" with Jan: Go takes those for words.
        boolean word =
            token.length() == 3
                && Character.isLetter(token.charAt(1))
                && !token.equals("MST")
                && at + 3 < layout.length()
                && Character.isLowerCase(layout.charAt(at + 3));
        if (!word) {
          return token;
        }
      }
    }
    return "";
  }

  /** How many digits follow a point or comma as a fraction of the second; 0 when it is none. */
  private static int fractionLength(String layout, int at) {
    char point = layout.charAt(at);
    if (point != '.' && point != ',' || at + 1 >= layout.length()) {
      return 0;
    }
    char digit = layout.charAt(at + 1);
    if (digit != '0' && digit != '9') {
      return 0;
    }
    int end = at + 1;
    while (end < layout.length() && layout.charAt(end) == digit) {
      end++;
    }
    boolean digitFollows = end < layout.length() && Character.isDigit(layout.charAt(end));
    return digitFollows || end - at - 1 > 9 ? 0 : end - at - 1;
  }

  private static void fraction(DateTimeFormatterBuilder out, String layout, int at, int digits) {
    boolean trimmed = layout.charAt(at + 1) == '9';
    if (layout.charAt(at) == '.') {
      out.appendFraction(ChronoField.NANO_OF_SECOND, trimmed ? 0 : digits, digits, true);
    } else {
      out.appendLiteral(',');
      out.appendFraction(ChronoField.NANO_OF_SECOND, trimmed ? 0 : digits, digits, false);
    }
  }
}
