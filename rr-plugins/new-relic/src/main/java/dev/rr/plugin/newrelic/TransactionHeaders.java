package dev.rr.plugin.newrelic;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpText;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads what an application says of its transaction, and takes it out of the answer. */
final class TransactionHeaders {
  private static final String DESCRIPTION = "Rr_newrelic";
  private static final String ERROR = "Rr_newrelic_error";
  private static final String IGNORE = "Rr_newrelic_ignore";

  private TransactionHeaders() {}

  /** Tells {@code transaction} what the headers say; none of them goes on to the client. */
  static void apply(HttpHeaders headers, Agent.Transaction transaction) {
    List<String> description = headers.all(DESCRIPTION);
    List<String> error = headers.all(ERROR);
    boolean ignore = headers.get(IGNORE, "").equalsIgnoreCase("true");
    headers.remove(DESCRIPTION).remove(ERROR).remove(IGNORE);
    if (ignore) {
      transaction.ignore();
      return;
    }
    if (!error.isEmpty()) {
      // As upstream: what describes a failed transaction is in the error itself.
      fail(pairs(error, true), transaction);
      return;
    }
    pairs(description, false)
        .forEach((name, value) -> {
          if (name.equals("transaction_name")) {
            transaction.rename(value);
          } else {
            transaction.attribute(name, value);
          }
        });
  }

  private static void fail(Map<String, String> error, Agent.Transaction transaction) {
    String attributes = error.getOrDefault("attributes", "");
    if (!attributes.isEmpty()) {
      transaction.attribute("error.attributes", attributes);
    }
    transaction.error(error.getOrDefault("class", "error"), error.getOrDefault("message", ""));
  }

  /** {@code key:value} at the first colon; what has no key is skipped. */
  private static Map<String, String> pairs(List<String> values, boolean lowerCase) {
    Map<String, String> pairs = new TreeMap<>();
    for (String bytes : values) {
      String value = HttpText.of(bytes);
      int colon = value.indexOf(':');
      String key = colon < 0 ? "" : value.substring(0, colon).strip();
      if (!key.isEmpty()) {
        pairs.put(
            lowerCase ? key.toLowerCase(Locale.ROOT) : key, value.substring(colon + 1).strip());
      }
    }
    return pairs;
  }
}
