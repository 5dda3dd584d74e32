package dev.rr.plugin.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Answers by URI, several for one URI when they vary. Bounded in bytes; any thread. */
final class AnswerStore {
  /** More variants of one URI than any page has; the oldest go first. */
  private static final int MAX_VARIANTS = 32;

  private final Cache<String, List<StoredAnswer>> byUri;
  private final Set<String> fetching = ConcurrentHashMap.newKeySet();

  /** What was made invalid a short while ago, and the turn in which it was. */
  private final Cache<String, Long> invalidated =
      Caffeine.newBuilder()
          .maximumSize(10_000)
          .expireAfterWrite(Duration.ofMinutes(5))
          .executor(Runnable::run)
          .build();

  private final AtomicLong turn = new AtomicLong();

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

  /** The turn it is now; whoever fetches asks before, and shows it to {@link #put}. */
  long turn() {
    return turn.get();
  }

  /**
   * Keeps an answer in place of the one that fits the same request, unless its key was made invalid
   * since it was asked for: it may be from before the change.
   */
  void put(String key, HttpHeaders request, StoredAnswer answer, long since) {
    byUri
        .asMap()
        .compute(
            key,
            (uri, before) -> {
              Long changed = invalidated.getIfPresent(key);
              if (changed != null && changed > since) {
                return before;
              }
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

  /** Forgets a key, and what is being fetched of it. */
  void remove(String key) {
    invalidated.put(key, turn.incrementAndGet());
    byUri.invalidate(key);
  }

  /** Whether the caller is the one to fetch this key anew; {@link #fetched} ends that. */
  boolean beginFetching(String key) {
    return fetching.add(key);
  }

  void fetched(String key) {
    fetching.remove(key);
  }

  /** How much there is, for tests. */
  long bytes() {
    byUri.cleanUp();
    return byUri.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  /** How many URIs there are, for tests. */
  long size() {
    byUri.cleanUp();
    return byUri.estimatedSize();
  }
}
