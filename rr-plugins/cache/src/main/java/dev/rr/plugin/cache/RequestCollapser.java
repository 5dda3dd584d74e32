package dev.rr.plugin.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Lets many requests for one key wait for the first of them, so that the application is asked once.
 * Nobody waits for long, and for a minute nobody waits at all where an answer turned out to be of
 * no use to others. Any thread.
 */
final class RequestCollapser {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration MEMORY = Duration.ofMinutes(1);
  private static final int MAX_WAITING = 10_000;
  private static final int MAX_USELESS = 10_000;

  /** What a request is to do. */
  enum Place {
    /** Ask, and tell {@link #served} or {@link #useless} what came of it. */
    FIRST,
    /** Wait: what was handed over runs later, once, on any thread. */
    WAITING,
    /** Ask, for nobody but itself. */
    ALONE
  }

  /** The requests that wait for one; closed once nobody may join them any more. */
  private static final class Queue {
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean closed;
  }

  private final Map<CacheKey, Queue> queues = new ConcurrentHashMap<>();
  private final Cache<CacheKey, Boolean> useless =
      Caffeine.newBuilder()
          .maximumSize(MAX_USELESS)
          .expireAfterWrite(MEMORY)
          .executor(Runnable::run)
          .build();
  private final Executor afterTimeout;

  RequestCollapser() {
    this(
        CompletableFuture.delayedExecutor(
            TIMEOUT.toMillis(), TimeUnit.MILLISECONDS, Runnable::run));
  }

  /**
   * Makes one for a test.
   *
   * @param afterTimeout runs what it gets when nobody wants to wait any longer
   */
  RequestCollapser(Executor afterTimeout) {
    this.afterTimeout = afterTimeout;
  }

  /** Comes for a key, with what is to be done should it have to wait. */
  Place join(CacheKey key, Runnable goOn) {
    if (useless.getIfPresent(key) != null) {
      return Place.ALONE;
    }
    Queue fresh = new Queue();
    Queue queue = queues.computeIfAbsent(key, k -> fresh);
    if (queue == fresh) {
      return Place.FIRST;
    }
    boolean joined;
    synchronized (queue) {
      if (queue.waiting.size() >= MAX_WAITING) {
        return Place.ALONE;
      }
      joined = !queue.closed;
      if (joined) {
        queue.waiting.add(goOn);
      }
      if (queue.waiting.size() > 1) {
        return Place.WAITING;
      }
    }
    if (joined) {
      afterTimeout.execute(() -> release(queue));
    } else {
      // The first was served a moment ago, or takes too long.
      goOn.run();
    }
    return Place.WAITING;
  }

  /** The first has its answer, which is in the store now. */
  void served(CacheKey key) {
    Queue queue = queues.remove(key);
    if (queue != null) {
      release(queue);
    }
  }

  /** The first has an answer that is for it alone. */
  void useless(CacheKey key) {
    useless.put(key, true);
    served(key);
  }

  private static void release(Queue queue) {
    List<Runnable> all;
    synchronized (queue) {
      queue.closed = true;
      all = List.copyOf(queue.waiting);
      queue.waiting.clear();
    }
    all.forEach(Runnable::run);
  }
}
