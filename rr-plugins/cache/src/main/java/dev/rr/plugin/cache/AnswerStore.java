package dev.rr.plugin.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Answers by URI, several for one URI when they vary. Bounded in bytes; any thread. */
final class AnswerStore {
  /** More variants of one URI than any page has; the oldest go first. */
  private static final int MAX_VARIANTS = 32;

  private final Cache<String, List<StoredAnswer>> byUri;
  private final Set<String> fetching = ConcurrentHashMap.newKeySet();

  AnswerStore(long maxBytes) {
    byUri =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((String uri, List<StoredAnswer> all) -> weight(uri, all))
            // Evictions are small work; a pool of threads for them would be more.
            .executor(Runnable::run)
            .build();
  }

  private static int weight(String uri, List<StoredAnswer> answers) {
    long bytes = uri.length() * 2L;
    for (StoredAnswer answer : answers) {
      bytes += answer.weight();
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  /** The key of a request: scheme, host and target. */
  static String key(HttpRequest request) {
    return request.scheme()
        + "://"
        + request.host().toLowerCase(java.util.Locale.ROOT)
        + request.target();
  }

  Optional<StoredAnswer> find(String key, HttpHeaders request) {
    List<StoredAnswer> variants = byUri.getIfPresent(key);
    return variants == null
        ? Optional.empty()
        : variants.stream().filter(v -> v.fits(request)).findFirst();
  }

  /** Keeps an answer in place of the one that fits the same request. */
  void put(String key, HttpHeaders request, StoredAnswer answer) {
    byUri
        .asMap()
        .compute(
            key,
            (uri, before) -> {
              List<StoredAnswer> after = new ArrayList<>();
              after.add(answer);
              if (before != null) {
                before.stream()
                    .filter(v -> !v.fits(request))
                    .limit(MAX_VARIANTS - 1)
                    .forEach(after::add);
              }
              return List.copyOf(after);
            });
  }

  void remove(String key) {
    byUri.invalidate(key);
  }

  /** Whether the caller is the one to fetch this key anew; {@link #fetched} ends that. */
  boolean beginFetching(String key) {
    return fetching.add(key);
  }

  void fetched(String key) {
    fetching.remove(key);
  }

  /** How many URIs there are, for tests. */
  long size() {
    byUri.cleanUp();
    return byUri.estimatedSize();
  }
}
