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
 * Tells numbers, booleans and text apart as Go's YAML reader does, and turns one into the other.
 * Stateless.
 */
public final class Scalars {
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
  private static final Set<String> FALSE = Set.of("false", "False", "FALSE");
  private static final Set<String> WEAK_TRUE = Set.of("1", "t", "true", "y", "yes", "on");
  private static final Set<String> WEAK_FALSE = Set.of("0", "f", "false", "n", "no", "off", "");
  private static final Pattern INT =
      Pattern.compile("[-+]?(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*)");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9][0-9_]*(\\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?");
  private static final Pattern SPECIAL = Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

  private Scalars() {}

  /** The kind of an unquoted value. */
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

  /** A whole number with Go's prefixes; a leading zero means octal. Null when it is none. */
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

  /** A number, or null. */
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

  /** True or false by the weak rules, or null. */
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
   * As text. Upstream turns true into 1, false into 0, and numbers into their plain decimal form.
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

  private static String floatText(String text) {
    Double number = decimal(text);
    if (number == null || number.isInfinite() || number.isNaN()) {
      return text;
    }
    BigDecimal plain = new BigDecimal(Double.toString(number));
    return plain.signum() == 0 ? "0" : plain.stripTrailingZeros().toPlainString();
  }

  /** As a Java value: Boolean, Long, Double or String; empty text for null. */
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
