package dev.rr.http;

import dev.rr.api.http.ContentCoding;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client takes (RFC 9110, section 12.5.3).
 *
 * @param coding the best of those offered; null when it wants none of them
 * @param plain whether it takes a body as it is; false forces the coding where there is one
 */
public record AcceptEncoding(@Nullable ContentCoding coding, boolean plain) {
  /** Of a client that does not say, or to whom a coded body would be of no use. */
  public static final AcceptEncoding NOTHING = new AcceptEncoding(null, true);

  private static final int UNSAID = -1;

  /**
   * Chooses by the client's weights, and among equal ones by the order of {@code offered}.
   *
   * @param lines the header's lines; none at all means that nothing is wanted
   */
  public static AcceptEncoding of(List<String> lines, List<ContentCoding> offered) {
    if (lines.isEmpty()) {
      return NOTHING;
    }
    Map<String, Integer> weights = weights(lines);
    int others = weights.getOrDefault("*", UNSAID);
    int plain = weights.getOrDefault("identity", others);
    ContentCoding best = null;
    int bestWeight = 0;
    for (ContentCoding coding : offered) {
      int weight = weights.getOrDefault(coding.token(), others);
      // A client that never mentions the plain body takes it, but likes it least.
      if (weight > bestWeight && weight >= plain) {
        best = coding;
        bestWeight = weight;
      }
    }
    return new AcceptEncoding(best, plain != 0);
  }

  /** Weights in thousandths; of a name that stands twice the first counts. */
  private static Map<String, Integer> weights(List<String> lines) {
    Map<String, Integer> weights = new HashMap<>();
    for (String line : lines) {
      for (String item : line.toLowerCase(Locale.ROOT).split(",")) {
        String[] parts = item.split(";", -1);
        String name = parts[0].strip();
        weights.putIfAbsent(name.equals("x-gzip") ? "gzip" : name, QualityValues.of(parts));
      }
    }
    return weights;
  }
}
