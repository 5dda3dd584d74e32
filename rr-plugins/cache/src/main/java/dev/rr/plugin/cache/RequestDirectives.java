package dev.rr.plugin.cache;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a request asks of a cache, and whether a stored answer will do for it (RFC 9111, sections
 * 4.2 and 5.2.1). Immutable.
 */
record RequestDirectives(CacheControl asked, boolean authorized) {

  static RequestDirectives of(HttpRequest request) {
    HttpHeaders headers = request.headers();
    List<String> lines = headers.all("Cache-Control");
    boolean pragma = lines.isEmpty() && headers.get("Pragma", "").contains("no-cache");
    return new RequestDirectives(
        CacheControl.parse(pragma ? List.of("no-cache") : lines),
        headers.contains("Authorization"));
  }

  boolean has(String directive) {
    return asked.has(directive);
  }

  /** Whether the answer to somebody else's request would do. */
  boolean mayShare() {
    return !wantsCertainFreshness() && !authorized;
  }

  private boolean wantsCertainFreshness() {
    return has("no-cache") || has("max-age") || has("min-fresh");
  }

  boolean mayServe(CachedAnswer stored, Instant now) {
    if (has("no-cache") || stored.control().has("no-cache")) {
      return false;
    }
    OptionalLong maxAge = asked.seconds("max-age");
    if (maxAge.isPresent() && stored.age(now).getSeconds() > maxAge.getAsLong()) {
      return false;
    }
    Duration fresh = stored.freshFor(now);
    OptionalLong minFresh = asked.seconds("min-fresh");
    if (fresh.isPositive()) {
      return minFresh.isEmpty() || fresh.getSeconds() >= minFresh.getAsLong();
    }
    return !stored.neverStale() && takesStale(fresh.negated().getSeconds());
  }

  private boolean takesStale(long seconds) {
    boolean anyStale = asked.directives().getOrDefault("max-stale", "x").isEmpty();
    return has("max-stale") && (anyStale || seconds <= asked.seconds("max-stale").orElse(0));
  }

  boolean mayServeWhileFetching(CachedAnswer stored, Instant now) {
    Duration stale = stored.freshFor(now).negated();
    return !wantsCertainFreshness()
        && stored.staleWhileRevalidate().isPositive()
        && stale.compareTo(stored.staleWhileRevalidate()) <= 0;
  }
}
