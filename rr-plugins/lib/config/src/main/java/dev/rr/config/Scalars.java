package dev.rr.config;

import dev.rr.config.Node.Kind;
import dev.rr.config.Node.Scalar;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells numbers, booleans and text apart as Go's YAML reader does, and turns one into the other as
 * mapstructure does when it is weak. Two sets of rules on purpose: which of an unquoted {@code yes}
 * and {@code true} is a boolean is the reader's to say, and what text counts as true where a
 * boolean is wanted is the decoder's. Stateless; any thread.
 *
 * <p>Whole numbers are of any size here, so that one that is too large is told as out of bounds and
 * not as no number. The length of a text is bounded before it is parsed, as the time that digits
 * take grows faster than their number.
 */
public final class Scalars {
  // The three sets of words of go.yaml.in/yaml/v3's resolve.go: these spellings and no others, so
  // yes, no and off are text, and so is tRUE.
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
  private static final Set<String> FALSE = Set.of("false", "False", "FALSE");

  // strconv.ParseBool's words, and those that YAML 1.1 had, for files that other tools wrote. Case
  // does not matter. Empty text is false, as in mapstructure.
  private static final Set<String> WEAK_TRUE = Set.of("1", "t", "true", "y", "yes", "on");
  private static final Set<String> WEAK_FALSE = Set.of("0", "f", "false", "n", "no", "off", "");

  // Underscores may stand among the digits: Go's reader removes them before it looks.
  private static final Pattern INT =
      Pattern.compile("[-+]?(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*)");

  // Four digits of exponent are enough to tell zero and infinity, which have three.
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9][0-9_]*(\\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?");
  private static final Pattern SPECIAL = Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

  private Scalars() {}

  /**
   * The kind of an unquoted value. Dates are text, where Go's reader makes timestamps of them; no
   * key takes one.
   */
  public static Kind plain(String text) {
    if (NULLS.contains(text)) {
      return Kind.NULL;
    }
    if (TRUE.contains(text) || FALSE.contains(text)) {
      return Kind.BOOL;
    }
    if (integer(text) != null) {
      return Kind.INT;
    }
    return FLOAT.matcher(text).matches() || SPECIAL.matcher(text).matches()
        ? Kind.FLOAT
        : Kind.STRING;
  }

  /**
   * A whole number with Go's prefixes, as {@code strconv.ParseInt} reads it with base 0; a leading
   * zero means octal, so {@code 0644} is a file's mode. {@code 08} is none, and so becomes a
   * floating-point number, as it does in Go. 64 bits in binary with a sign, a prefix and some
   * underscores have room in 80 characters. Null when it is none.
   */
  static @Nullable BigInteger integer(String text) {
    if (text.length() > 80 || !INT.matcher(text).matches()) {
      return null;
    }
    boolean negative = text.charAt(0) == '-';
    String digits = (negative || text.charAt(0) == '+' ? text.substring(1) : text).replace("_", "");
    int radix = 10;
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      radix =
          switch (Character.toLowerCase(digits.charAt(1))) {
            case 'x' -> 16;
            case 'b' -> 2;
            default -> 8;
          };
      digits = digits.substring(Character.isDigit(digits.charAt(1)) ? 1 : 2);
    }
    try {
      BigInteger value = new BigInteger(digits, radix);
      return negative ? value.negate() : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /**
   * A number, or null. The largest double has 309 digits before its point; a longer text is no
   * number that somebody wrote.
   */
  static @Nullable Double decimal(String text) {
    if (text.length() <= 400 && FLOAT.matcher(text).matches()) {
      return Double.valueOf(text.replace("_", ""));
    }
    if (SPECIAL.matcher(text).matches()) {
      if (text.endsWith("n") || text.endsWith("N")) {
        return Double.NaN;
      }
      return text.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    BigInteger whole = integer(text);
    return whole == null ? null : whole.doubleValue();
  }

  /**
   * True or false by the weak rules, or null. A number is true when it is not 0; a number in quotes
   * has to be 0 or 1, as {@code strconv.ParseBool} wants it.
   */
  static @Nullable Boolean bool(Scalar value) {
    String text = value.text().strip().toLowerCase(Locale.ROOT);
    if (WEAK_TRUE.contains(text)) {
      return true;
    }
    if (WEAK_FALSE.contains(text)) {
      return false;
    }
    Double number = value.kind() == Kind.STRING ? null : decimal(value.text());
    return number == null ? null : number != 0;
  }

  /**
   * As text. Upstream turns true into 1, false into 0, and numbers into their plain decimal form:
   * its reader has made values of them before anybody asks for text, so {@code 0x10} is {@code 16}
   * and {@code 1.50} is {@code 1.5}. Environment variables show it: {@code DEBUG: true} is {@code
   * 1}.
   */
  public static String text(Scalar value) {
    return switch (value.kind()) {
      case NULL -> "";
      case STRING -> value.text();
      case BOOL -> TRUE.contains(value.text()) ? "1" : "0";
      case INT -> {
        BigInteger whole = integer(value.text());
        yield whole == null ? value.text() : whole.toString();
      }
      case FLOAT -> floatText(value.text());
    };
  }

  /** As Go's {@code FormatFloat(value, 'f', -1, 64)}: the fewest digits, and no exponent. */
  private static String floatText(String text) {
    Double number = decimal(text);
    if (number == null || number.isInfinite() || number.isNaN()) {
      return text;
    }
    BigDecimal plain = new BigDecimal(Double.toString(number));
    return plain.signum() == 0 ? "0" : plain.stripTrailingZeros().toPlainString();
  }

  /**
   * As a Java value: Boolean, Long, Double or String; empty text for null. For {@code rpc.Config},
   * where a number that no JSON number of 64 bits can say stays the text that it is in the file.
   */
  static Object value(Scalar value) {
    return switch (value.kind()) {
      case NULL -> "";
      case STRING -> value.text();
      case BOOL -> TRUE.contains(value.text());
      case INT -> {
        BigInteger whole = integer(value.text());
        yield whole == null || whole.bitLength() > 63 ? value.text() : (Object) whole.longValue();
      }
      case FLOAT -> {
        Double number = decimal(value.text());
        // JSON, the form in which this is handed out, has no infinity.
        yield number == null || number.isInfinite() || number.isNaN()
            ? value.text()
            : (Object) number;
      }
    };
  }
}
