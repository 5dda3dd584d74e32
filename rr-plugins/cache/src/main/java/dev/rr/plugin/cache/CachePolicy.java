package dev.rr.plugin.cache;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.http.HttpDates;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Decides what a shared cache may keep, and for how long (RFC 9111, sections 3 and 4.2). Any
 * thread.
 */
final class CachePolicy {
  /**
   * Statuses that may be kept without saying so (RFC 9110, section 15.1), but for partial content.
   */
  private static final Set<Integer> HEURISTIC =
      Set.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501);

  private final CacheConfig config;

  CachePolicy(CacheConfig config) {
    this.config = config;
  }

  /**
   * What an answer would be kept as; empty when it may not be kept.
   *
   * @param headers a copy that belongs to the cache from now on
   */
  Optional<CachedAnswer> judge(
      HttpRequest request, int status, HttpHeaders headers, byte[] body, Instant now) {
    CacheControl control = CacheControl.parse(headers.all("Cache-Control"));
    CacheControl asked = CacheControl.parse(request.headers().all("Cache-Control"));
    if (!mayKeep(request, status, headers, control, asked, now)) {
      return Optional.empty();
    }
    if (!headers.contains("Date")) {
      // Whoever gets it later must be able to tell when it was made.
      headers.set("Date", HttpDates.format(now));
    }
    Optional<Duration> explicit = explicitLifetime(headers, control, now);
    boolean validator = headers.contains("ETag") || headers.contains("Last-Modified");
    Duration lifetime =
        control.has("no-cache")
            ? Duration.ZERO
            : explicit.orElse(HEURISTIC.contains(status) ? config.defaultTtl() : Duration.ZERO);
    Duration stale = staleTime(control, "stale-while-revalidate", config.stale());
    Duration staleIfError = staleTime(control, "stale-if-error", Duration.ZERO);
    if (lifetime.isZero() && stale.isZero() && staleIfError.isZero() && !validator) {
      return Optional.empty();
    }
    CachedAnswer answer =
        new CachedAnswer(
            status,
            headers,
            body,
            varied(request, headers),
            now,
            initialAge(headers, now),
            lifetime,
            stale,
            staleIfError,
            control);
    return answer.weight() <= config.maxEntryBytes() ? Optional.of(answer) : Optional.empty();
  }

  private boolean mayKeep(
      HttpRequest request,
      int status,
      HttpHeaders headers,
      CacheControl control,
      CacheControl asked,
      Instant now) {
    boolean explicit = explicitLifetime(headers, control, now).isPresent();
    boolean authorized = request.headers().contains("Authorization");
    boolean shareable =
        control.has("public") || control.has("s-maxage") || control.has("must-revalidate");
    return request.method().equals("GET")
        && status >= 200
        && status != 206
        && status != 304
        && (HEURISTIC.contains(status) || explicit)
        && !control.has("no-store")
        && !control.has("private")
        && !asked.has("no-store")
        && (!authorized || shareable)
        // Another client must not be given this one's session.
        && !headers.contains("Set-Cookie")
        && headers.all("Vary").stream().noneMatch(v -> v.contains("*"));
  }

  private static Optional<Duration> explicitLifetime(
      HttpHeaders headers, CacheControl control, Instant now) {
    OptionalLong shared = control.seconds("s-maxage");
    OptionalLong own = control.seconds("max-age");
    if (shared.isPresent() || own.isPresent()) {
      return Optional.of(Duration.ofSeconds(shared.orElseGet(own::getAsLong)));
    }
    String expires = headers.get("Expires");
    if (expires == null) {
      return Optional.empty();
    }
    Instant made = HttpDates.parse(headers.get("Date", "")).orElse(now);
    // A date that cannot be read lies in the past.
    Duration left =
        HttpDates.parse(expires).map(at -> Duration.between(made, at)).orElse(Duration.ZERO);
    return Optional.of(left.isNegative() ? Duration.ZERO : left);
  }

  private static Duration staleTime(CacheControl control, String name, Duration otherwise) {
    // A shared cache may not serve these stale, whatever else they say.
    if (control.has("must-revalidate")
        || control.has("proxy-revalidate")
        || control.has("s-maxage")
        || control.has("no-cache")) {
      return Duration.ZERO;
    }
    OptionalLong given = control.seconds(name);
    return given.isPresent() ? Duration.ofSeconds(given.getAsLong()) : otherwise;
  }

  private static Map<String, List<String>> varied(HttpRequest request, HttpHeaders headers) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (String line : headers.all("Vary")) {
      for (String name : line.split(",")) {
        if (!name.isBlank()) {
          String field = name.strip().toLowerCase(Locale.ROOT);
          fields.put(field, request.headers().all(field));
        }
      }
    }
    return Map.copyOf(fields);
  }

  /** How old an answer already is: what it says, or what its date tells when that is more. */
  private static Duration initialAge(HttpHeaders headers, Instant now) {
    Duration said = seconds(headers.get("Age", ""));
    Duration apparent =
        HttpDates.parse(headers.get("Date", ""))
            .map(made -> Duration.between(made, now))
            .orElse(Duration.ZERO);
    return apparent.compareTo(said) > 0 ? apparent : said;
  }

  private static Duration seconds(String text) {
    boolean number =
        !text.isEmpty() && text.length() < 10 && text.chars().allMatch(Character::isDigit);
    return number ? Duration.ofSeconds(Long.parseLong(text)) : Duration.ZERO;
  }
}
