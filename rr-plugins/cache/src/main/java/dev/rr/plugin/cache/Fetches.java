package dev.rr.plugin.cache;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.http.HttpDates;
import dev.rr.plugin.cache.FetchResponse.Course;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Asks the application, and keeps of its answers what may be kept. Any event loop. */
final class Fetches {
  private static final byte[] NOTHING = new byte[0];

  private final AnswerStore store;
  private final CachePolicy storability;
  private final RequestCollapser collapser;
  private final int maxEntry;
  private final HttpHandler application;
  private final InstantSource clock;

  Fetches(
      CacheConfig config,
      AnswerStore store,
      RequestCollapser collapser,
      HttpHandler application,
      InstantSource clock) {
    this.store = store;
    this.storability = new CachePolicy(config);
    this.collapser = collapser;
    this.maxEntry = config.maxEntryBytes();
    this.application = application;
    this.clock = clock;
  }

  /**
   * Fetches for a client that waits.
   *
   * @param found what is stored and may not be served as it is
   * @param first whether others may wait for the answer
   */
  void fetch(
      CacheKey key,
      HttpRequest request,
      HttpResponse response,
      Optional<CachedAnswer> found,
      boolean first) {
    boolean conditional =
        request.headers().contains("If-None-Match")
            || request.headers().contains("If-Modified-Since");
    boolean validating = found.isPresent() && !conditional && request.method().equals("GET");
    if (validating) {
      addConditions(request.headers(), found.get());
    }
    ask(request, response, new ForClient(key, request, response, found, validating, first));
  }

  private static void addConditions(HttpHeaders headers, CachedAnswer stored) {
    stored.etag().ifPresent(tag -> headers.set("If-None-Match", tag));
    stored.lastModified().ifPresent(at -> headers.set("If-Modified-Since", HttpDates.format(at)));
  }

  /** Fetches an answer anew for nobody but the store; one fetch of a URI at a time. */
  void refresh(CacheKey key, HttpRequest request) {
    if (store.beginFetching(key)) {
      DetachedRequest again = new DetachedRequest(request);
      ask(again, new DetachedResponse(), new ForStore(key, again));
    }
  }

  private void ask(HttpRequest request, HttpResponse response, FetchResponse.Fetched fetched) {
    FetchResponse noting = new FetchResponse(response, new Recording(maxEntry, store), fetched);
    try {
      application.handle(request, noting);
    } catch (RuntimeException | Error e) {
      noting.over();
      throw e;
    }
  }

  private boolean mayKeep(HttpRequest request, int status, HttpHeaders headers) {
    return storability.judge(request, status, headers.copy(), NOTHING, clock.instant()).isPresent();
  }

  private void keep(CacheKey key, HttpRequest request, Recording recording, long since) {
    HttpHeaders headers =
        StoredFields.withoutConnection(recording.headers().remove("Cache-Status"));
    storability
        .judge(request, recording.status(), headers, recording.body(), clock.instant())
        .ifPresent(answer -> store.put(key, request.headers(), answer, since));
  }

  /** A fetch that nobody waits for. */
  private final class ForStore implements FetchResponse.Fetched {
    private final CacheKey key;
    private final HttpRequest request;
    private final long since = store.turn();

    ForStore(CacheKey key, HttpRequest request) {
      this.key = key;
      this.request = request;
    }

    @Override
    public Course head(int status, HttpHeaders headers) {
      return mayKeep(request, status, headers) ? Course.NOTE : Course.PASS;
    }

    @Override
    public void dropped() {}

    @Override
    public void complete(Recording recording) {
      keep(key, request, recording, since);
    }

    @Override
    public void over() {
      store.fetched(key);
    }
  }

  /** A fetch for a client, and perhaps for others who wait for the same. */
  private final class ForClient implements FetchResponse.Fetched {
    private final CacheKey key;
    private final HttpRequest request;
    private final HttpResponse client;
    private final Optional<CachedAnswer> found;
    private final boolean validating;
    private final long since = store.turn();
    private boolean awaited;

    ForClient(
        CacheKey key,
        HttpRequest request,
        HttpResponse client,
        Optional<CachedAnswer> found,
        boolean validating,
        boolean awaited) {
      this.key = key;
      this.request = request;
      this.client = client;
      this.found = found;
      this.validating = validating;
      this.awaited = awaited;
    }

    @Override
    public Course head(int status, HttpHeaders headers) {
      Instant now = clock.instant();
      removeConditions();
      if (found.isPresent() && validating && status == 304) {
        CachedAnswer fresh = freshened(found.get(), headers, now);
        Hit.serve(fresh, request, client, now, "hit; fwd=stale; fwd-status=304");
        return Course.REPLACE;
      }
      if (found.isPresent() && status >= 500 && mayServeForError(found.get(), now)) {
        Hit.serve(
            found.get(), request, client, now, "hit; detail=stale-if-error; fwd-status=" + status);
        return Course.REPLACE;
      }
      boolean keeps = mayKeep(request, status, headers);
      if (status >= 500) {
        over();
      } else if (!keeps) {
        dropped();
      }
      headers.add("Cache-Status", "rr; fwd=" + (found.isPresent() ? "stale" : "uri-miss"));
      return keeps ? Course.NOTE : Course.PASS;
    }

    @Override
    public void dropped() {
      if (awaited) {
        awaited = false;
        collapser.useless(key);
      }
    }

    /** The conditions were the cache's own; what the client gets must not depend on them. */
    private void removeConditions() {
      if (validating) {
        request.headers().remove("If-None-Match").remove("If-Modified-Since");
      }
    }

    /** The stored answer with what the 304 says, stored in its place if it still may be. */
    private CachedAnswer freshened(CachedAnswer stored, HttpHeaders update, Instant now) {
      HttpHeaders merged = StoredFields.merged(stored.headers(), update);
      Optional<CachedAnswer> fresh =
          storability.judge(request, stored.status(), merged, stored.body(), now);
      fresh.ifPresentOrElse(
          answer -> store.put(key, request.headers(), answer, since), () -> store.remove(key));
      return fresh.orElse(stored);
    }

    private boolean mayServeForError(CachedAnswer stored, Instant now) {
      Duration stale = stored.freshFor(now).negated();
      return stored.staleIfError().isPositive() && stale.compareTo(stored.staleIfError()) <= 0;
    }

    @Override
    public void complete(Recording recording) {
      keep(key, request, recording, since);
      over();
    }

    /** Also when the client left or the worker failed: whoever waited goes on. */
    @Override
    public void over() {
      if (awaited) {
        awaited = false;
        collapser.served(key);
      }
    }
  }
}
