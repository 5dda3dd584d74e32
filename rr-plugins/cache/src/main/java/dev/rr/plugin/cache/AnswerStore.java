package dev.rr.plugin.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rr.api.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Answers by URI, several for one URI when they vary. Bounded in bytes, and so are the answers that
 * are noted on their way here; any thread.
 */
final class AnswerStore {
  /** More variants of one URI than any page has; the oldest go first. */
  private static final int MAX_VARIANTS = 32;

  /** What an entry takes without its answers: key, list, and the map's own. */
  private static final int ENTRY = 256;

  /** A power of two. */
  private static final int SLOTS = 4096;

  private final long maxBytes;
  private final Cache<CacheKey, List<CachedAnswer>> byUri;
  private final Set<CacheKey> fetching = ConcurrentHashMap.newKeySet();
  private final AtomicLong underWay = new AtomicLong();

  /**
   * The turn in which a key was made invalid last. Keys share slots: an answer that is under way
   * while another key of its slot is made invalid is not kept, which costs one more fetch. For that
   * nothing is remembered for each key that clients name, and nothing is forgotten.
   */
  private final AtomicLongArray invalidated = new AtomicLongArray(SLOTS);

  private final AtomicLong turn = new AtomicLong();

  AnswerStore(long maxBytes) {
    this.maxBytes = maxBytes;
    byUri =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((CacheKey key, List<CachedAnswer> all) -> weight(all))
            // Evictions are small work; a pool of threads for them would be more.
            .executor(Runnable::run)
            .build();
  }

  private static int weight(List<CachedAnswer> answers) {
    long bytes = ENTRY;
    for (CachedAnswer answer : answers) {
      bytes += answer.weight();
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  private static int slot(CacheKey key) {
    return (int) key.a() & SLOTS - 1;
  }

  Optional<CachedAnswer> find(CacheKey key, HttpHeaders request) {
    List<CachedAnswer> variants = byUri.getIfPresent(key);
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
  void put(CacheKey key, HttpHeaders request, CachedAnswer answer, long since) {
    byUri
        .asMap()
        .compute(
            key,
            (uri, before) -> {
              if (invalidated.get(slot(key)) > since) {
                return before;
              }
              List<CachedAnswer> after = new ArrayList<>();
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
  void remove(CacheKey key) {
    invalidated.accumulateAndGet(slot(key), turn.incrementAndGet(), Math::max);
    byUri.invalidate(key);
  }

  /** Whether the caller is the one to fetch this key anew; {@link #fetched} ends that. */
  boolean beginFetching(CacheKey key) {
    return fetching.add(key);
  }

  void fetched(CacheKey key) {
    fetching.remove(key);
  }

  /** Takes room for bytes that are noted; false when as many are as may be stored. */
  boolean reserve(int bytes) {
    if (underWay.addAndGet(bytes) <= maxBytes) {
      return true;
    }
    underWay.addAndGet(-bytes);
    return false;
  }

  void release(int bytes) {
    underWay.addAndGet(-bytes);
  }

  /** How many bytes are noted of answers under way, for tests. */
  long noted() {
    return underWay.get();
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
