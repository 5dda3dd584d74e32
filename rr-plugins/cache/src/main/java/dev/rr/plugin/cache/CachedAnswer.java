package dev.rr.plugin.cache;

import dev.rr.api.http.HttpHeaders;
import dev.rr.http.HttpDates;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An answer as it was stored. Immutable, shared by all event loops: {@code headers} and {@code
 * body} are never changed.
 *
 * @param vary the request fields it was chosen by, lower case, with the values of that request
 * @param received when it came from the application
 * @param initialAge how old it already was then
 * @param lifetime how long it is fresh, from its making
 * @param staleWhileRevalidate how long after that it may be served while another is fetched
 * @param staleIfError how long after that it may be served in place of an error
 * @param control the answer's own directives
 */
record CachedAnswer(
    int status,
    HttpHeaders headers,
    byte[] body,
    Map<String, List<String>> vary,
    Instant received,
    Duration initialAge,
    Duration lifetime,
    Duration staleWhileRevalidate,
    Duration staleIfError,
    CacheControl control) {

  Duration age(Instant now) {
    Duration resident = Duration.between(received, now);
    return initialAge.plus(resident.isNegative() ? Duration.ZERO : resident);
  }

  /** How long it stays fresh; negative once it is stale. */
  Duration freshFor(Instant now) {
    return lifetime.minus(age(now));
  }

  /** Whether it was stored for a request with these fields. */
  boolean fits(HttpHeaders request) {
    return vary.entrySet().stream().allMatch(e -> request.all(e.getKey()).equals(e.getValue()));
  }

  Optional<String> etag() {
    return Optional.ofNullable(headers.get("ETag"));
  }

  Optional<Instant> lastModified() {
    return Optional.ofNullable(headers.get("Last-Modified")).flatMap(HttpDates::parse);
  }

  /** Whether it may never be served once it is stale, whatever a client asks. */
  boolean neverStale() {
    return control.has("must-revalidate")
        || control.has("proxy-revalidate")
        || control.has("s-maxage");
  }

  /**
   * Roughly the bytes it takes, with all that a client chose of it: the varied fields' values are
   * the request's. Twice the length of a text is its most.
   */
  int weight() {
    long bytes = 512L + body.length;
    for (int i = 0; i < headers.size(); i++) {
      bytes += weight(headers.name(i)) + weight(headers.value(i));
    }
    for (Map.Entry<String, List<String>> field : vary.entrySet()) {
      bytes += 64 + weight(field.getKey());
      for (String value : field.getValue()) {
        bytes += weight(value);
      }
    }
    for (Map.Entry<String, String> directive : control.directives().entrySet()) {
      bytes += 64 + weight(directive.getKey()) + weight(directive.getValue());
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  private static long weight(String text) {
    return 64 + 2L * text.length();
  }
}
