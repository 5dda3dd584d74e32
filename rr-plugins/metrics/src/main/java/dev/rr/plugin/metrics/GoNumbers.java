package dev.rr.plugin.metrics;

import java.math.BigDecimal;

/** Numbers as Go prints them with {@code %g}, which is how upstream's scrape has them. */
final class GoNumbers {
  /** Whole numbers from here on are written with an exponent. */
  private static final double LARGE = 1e6;

  private GoNumbers() {}

  static String text(double number) {
    StringBuilder out = new StringBuilder();
    append(out, number);
    return out.toString();
  }

  static void append(StringBuilder out, double number) {
    double size = Math.abs(number);
    if (number == (int) number && size < LARGE) {
      out.append(1 / number < 0 ? "-" : "").append((int) size);
    } else if (Double.isNaN(number)) {
      out.append("NaN");
    } else if (Double.isInfinite(number)) {
      out.append(number > 0 ? "+Inf" : "-Inf");
    } else {
      appendFraction(out, number);
    }
  }

  private static void appendFraction(StringBuilder out, double number) {
    // Both languages print the fewest digits that mean this number and no other.
    BigDecimal shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    if (exponent >= 6 || exponent < -4) {
      out.append(number < 0 ? "-" : "").append(digits.charAt(0));
      if (digits.length() > 1) {
        out.append('.').append(digits, 1, digits.length());
      }
      out.append(exponent < 0 ? "e-" : "e+").append(Math.abs(exponent) < 10 ? "0" : "");
      out.append(Math.abs(exponent));
    } else {
      out.append(shortest.toPlainString());
    }
  }
}
