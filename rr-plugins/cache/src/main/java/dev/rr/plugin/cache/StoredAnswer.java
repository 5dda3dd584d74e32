package dev.rr.plugin.cache;

import dev.rr.api.http.HttpHeaders;
import dev.rr.web.HttpDates;
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
record StoredAnswer(
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

  /** Roughly the bytes it takes. */
  int weight() {
    int bytes = 256 + body.length;
    for (int i = 0; i < headers.size(); i++) {
      bytes += 64 + headers.name(i).length() + headers.value(i).length();
    }
    return bytes;
  }
}
