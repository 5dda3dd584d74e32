package dev.rr.http;

/** How much a client wants what it names (RFC 9110, section 12.4.2). Any thread. */
public final class QualityValues {
  /** A weight of 1, in thousandths. */
  private static final int FULL = 1000;

  private QualityValues() {}

  /**
   * The weight of one item of a list, in thousandths: what it says as {@code q}, else 1000.
   * Nonsense is 0: a client that cannot say what it takes gets nothing that it may not take.
   *
   * @param parts the item in lower case, divided at its semicolons; the name comes first
   */
  public static int of(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        return thousandths(parameter.substring(2).strip());
      }
    }
    return FULL;
  }

  private static int thousandths(String text) {
    if (!text.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?")) {
      return 0;
    }
    return (int) Math.round(Double.parseDouble(text) * FULL);
  }
}
