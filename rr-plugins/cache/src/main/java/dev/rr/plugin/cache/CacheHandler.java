package dev.rr.plugin.cache;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Answers from the store where RFC 9111 allows it, and fills the store from the answers that pass.
 */
final class CacheHandler implements HttpHandler {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private final AnswerStore store;
  private final RequestCollapser collapser;
  private final Fetches fetches;
  private final HttpHandler next;
  private final InstantSource clock;

  CacheHandler(
      CacheConfig config,
      AnswerStore store,
      RequestCollapser collapser,
      HttpHandler next,
      InstantSource clock) {
    this.store = store;
    this.collapser = collapser;
    this.fetches = new Fetches(config, store, collapser, next, clock);
    this.next = next;
    this.clock = clock;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    if (!SAFE.contains(request.method())) {
      next.handle(request, new Invalidation(store, request, response));
      return;
    }
    RequestDirectives asked = RequestDirectives.of(request);
    if (asked.has("no-store") || !mayAnswer(request)) {
      next.handle(request, response);
      return;
    }
    answer(CacheKey.of(request), request, response, asked, true);
  }

  private static boolean mayAnswer(HttpRequest request) {
    return (request.method().equals("GET") || request.method().equals("HEAD"))
        // A GET with a body may be answered by what is in the body, which no key tells.
        && request.body().length() == 0
        && !request.headers().contains("Range")
        && CacheKey.isFor(request);
  }

  private void answer(
      CacheKey key,
      HttpRequest request,
      HttpResponse response,
      RequestDirectives asked,
      boolean mayWait) {
    Optional<CachedAnswer> found = store.find(key, request.headers());
    Instant now = clock.instant();
    if (found.isPresent() && asked.mayServe(found.get(), now)) {
      Hit.serve(found.get(), request, response, now, "hit");
    } else if (found.isPresent() && asked.mayServeWhileFetching(found.get(), now)) {
      Hit.serve(found.get(), request, response, now, "hit; detail=stale-while-revalidate");
      fetches.refresh(key, request);
    } else if (asked.has("only-if-cached")) {
      response.head(
          504, new HttpHeaders().set("Cache-Status", "rr; fwd=miss; detail=only-if-cached"));
      response.end();
    } else if (mayWait && request.method().equals("GET") && asked.mayShare()) {
      fetchOrWait(key, request, response, asked, found);
    } else {
      fetches.fetch(key, request, response, found, false);
    }
  }

  private void fetchOrWait(
      CacheKey key,
      HttpRequest request,
      HttpResponse response,
      RequestDirectives asked,
      Optional<CachedAnswer> found) {
    AtomicBoolean gone = new AtomicBoolean();
    Runnable goOn =
        () ->
            request.execute(() -> {
              if (!gone.get()) {
                answer(key, request, response, asked, false);
              }
            });
    switch (collapser.join(key, goOn)) {
      case FIRST -> fetches.fetch(key, request, response, found, true);
      case WAITING -> response.onClose(() -> gone.set(true));
      case ALONE -> fetches.fetch(key, request, response, found, false);
    }
  }
}
