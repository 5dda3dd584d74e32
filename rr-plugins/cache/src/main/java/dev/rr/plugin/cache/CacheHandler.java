package dev.rr.plugin.cache;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.web.HttpDates;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Answers from the store where RFC 9111 allows it, and fills the store from the answers that pass.
 */
final class CacheHandler implements HttpHandler {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private static final byte[] NOTHING = new byte[0];

  /** What a 304 says about the body it does not have is not to be believed. */
  private static final Set<String> ABOUT_THE_BODY =
      Set.of("content-length", "content-encoding", "content-type", "content-range");

  /** Fields for one connection, which are not kept (RFC 9111, section 3.1). */
  private static final List<String> CONNECTION =
      List.of("Connection", "Keep-Alive", "Proxy-Connection", "TE", "Transfer-Encoding", "Upgrade");

  private final AnswerStore store;
  private final Storability storability;
  private final Crowd crowd;
  private final int maxEntry;
  private final HttpHandler next;
  private final InstantSource clock;

  CacheHandler(
      CacheConfig config, AnswerStore store, Crowd crowd, HttpHandler next, InstantSource clock) {
    this.store = store;
    this.crowd = crowd;
    this.storability = new Storability(config);
    this.maxEntry = config.maxEntryBytes();
    this.next = next;
    this.clock = clock;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    String method = request.method();
    if (!SAFE.contains(method)) {
      next.handle(request, invalidating(request, response));
      return;
    }
    CacheControl asked = asked(request.headers());
    boolean cacheable = method.equals("GET") || method.equals("HEAD");
    // A GET with a body may be answered by what is in the body, which no key tells.
    boolean bodied = request.body().length() != 0;
    if (!cacheable || bodied || asked.has("no-store") || request.headers().contains("Range")) {
      next.handle(request, response);
      return;
    }
    answer(request, response, asked, true);
  }

  private void answer(
      HttpRequest request, HttpResponse response, CacheControl asked, boolean mayWait) {
    String key = AnswerStore.key(request);
    Optional<StoredAnswer> found = store.find(key, request.headers());
    Instant now = clock.instant();
    if (found.isPresent() && mayServe(found.get(), asked, now)) {
      serve(found.get(), request, response, now, "hit");
    } else if (found.isPresent() && mayServeWhileFetching(found.get(), asked, now)) {
      serve(found.get(), request, response, now, "hit; detail=stale-while-revalidate");
      refresh(key, request);
    } else if (asked.has("only-if-cached")) {
      response.head(
          504, new HttpHeaders().set("Cache-Status", "rr; fwd=miss; detail=only-if-cached"));
      response.end();
    } else if (mayWait && request.method().equals("GET") && mayShare(request, asked)) {
      fetchOrWait(key, request, response, asked, found);
    } else {
      fetch(key, request, response, found, false);
    }
  }

  /** Whether the answer to somebody else's request would do. */
  private static boolean mayShare(HttpRequest request, CacheControl asked) {
    return !asked.has("no-cache")
        && !asked.has("max-age")
        && !asked.has("min-fresh")
        && !request.headers().contains("Authorization");
  }

  private void fetchOrWait(
      String key,
      HttpRequest request,
      HttpResponse response,
      CacheControl asked,
      Optional<StoredAnswer> found) {
    AtomicBoolean gone = new AtomicBoolean();
    Runnable goOn =
        () ->
            request.execute(() -> {
              if (!gone.get()) {
                answer(request, response, asked, false);
              }
            });
    switch (crowd.join(key, goOn)) {
      case FIRST -> fetch(key, request, response, found, true);
      case WAITING -> response.onClose(() -> gone.set(true));
      case ALONE -> fetch(key, request, response, found, false);
    }
  }

  private static CacheControl asked(HttpHeaders headers) {
    List<String> lines = headers.all("Cache-Control");
    boolean pragma = lines.isEmpty() && headers.get("Pragma", "").contains("no-cache");
    return CacheControl.parse(pragma ? List.of("no-cache") : lines);
  }

  private static boolean mayServe(StoredAnswer stored, CacheControl asked, Instant now) {
    if (asked.has("no-cache") || stored.control().has("no-cache")) {
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
    boolean strict =
        stored.control().has("must-revalidate")
            || stored.control().has("proxy-revalidate")
            || stored.control().has("s-maxage");
    boolean anyStale = asked.directives().getOrDefault("max-stale", "x").isEmpty();
    long stale = fresh.negated().getSeconds();
    return !strict
        && asked.has("max-stale")
        && (anyStale || stale <= asked.seconds("max-stale").orElse(0));
  }

  private static boolean mayServeWhileFetching(
      StoredAnswer stored, CacheControl asked, Instant now) {
    Duration stale = stored.freshFor(now).negated();
    return !asked.has("no-cache")
        && !asked.has("max-age")
        && !asked.has("min-fresh")
        && stored.staleWhileRevalidate().isPositive()
        && stale.compareTo(stored.staleWhileRevalidate()) <= 0;
  }

  private static void serve(
      StoredAnswer stored, HttpRequest request, HttpResponse response, Instant now, String how) {
    HttpHeaders headers = stored.headers().copy();
    headers.set("Age", Long.toString(stored.age(now).getSeconds()));
    headers.set("Cache-Status", "rr; " + how + "; ttl=" + stored.freshFor(now).getSeconds());
    if (notModified(stored, request.headers())) {
      headers.remove("Content-Length").remove("Content-Type").remove("Content-Encoding");
      response.head(304, headers);
    } else {
      if (stored.status() != 204) {
        headers.set("Content-Length", Integer.toString(stored.body().length));
      }
      response.head(stored.status(), headers);
      if (stored.body().length > 0 && !request.method().equals("HEAD")) {
        response.write(ByteBuffer.wrap(stored.body()).asReadOnlyBuffer());
      }
    }
    response.end();
  }

  private static boolean notModified(StoredAnswer stored, HttpHeaders asked) {
    if (stored.status() != 200) {
      return false;
    }
    List<String> tags = asked.all("If-None-Match");
    if (!tags.isEmpty()) {
      return stored.etag().map(tag -> holds(tags, tag)).orElse(false);
    }
    Optional<Instant> since =
        Optional.ofNullable(asked.get("If-Modified-Since")).flatMap(HttpDates::parse);
    return since.isPresent()
        && stored.lastModified().map(at -> !at.isAfter(since.get())).orElse(false);
  }

  private static boolean holds(List<String> lines, String tag) {
    String opaque = tag.startsWith("W/") ? tag.substring(2) : tag;
    return lines.stream()
        .flatMap(line -> java.util.Arrays.stream(line.split(",")))
        .map(String::strip)
        .anyMatch(t -> t.equals("*") || (t.startsWith("W/") ? t.substring(2) : t).equals(opaque));
  }

  /**
   * Asks the application.
   *
   * @param first whether others may wait for the answer
   */
  private void fetch(
      String key,
      HttpRequest request,
      HttpResponse response,
      Optional<StoredAnswer> found,
      boolean first) {
    boolean conditional =
        request.headers().contains("If-None-Match")
            || request.headers().contains("If-Modified-Since");
    boolean validating = found.isPresent() && !conditional && request.method().equals("GET");
    if (validating) {
      addConditions(request.headers(), found.get());
    }
    ClientFetch fetched = new ClientFetch(key, request, response, found, validating, first);
    try {
      next.handle(request, new FetchResponse(response, maxEntry, fetched));
    } catch (RuntimeException e) {
      fetched.over();
      throw e;
    }
  }

  private static void addConditions(HttpHeaders headers, StoredAnswer stored) {
    stored.etag().ifPresent(tag -> headers.set("If-None-Match", tag));
    stored.lastModified().ifPresent(at -> headers.set("If-Modified-Since", HttpDates.format(at)));
  }

  /** Fetches for a client that waits. */
  private final class ClientFetch implements FetchResponse.Fetched {
    private final String key;
    private final HttpRequest request;
    private final HttpResponse client;
    private final Optional<StoredAnswer> found;
    private final boolean validating;
    private final long since = store.turn();
    private boolean awaited;

    ClientFetch(
        String key,
        HttpRequest request,
        HttpResponse client,
        Optional<StoredAnswer> found,
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
    public boolean replaces(int status, HttpHeaders headers) {
      Instant now = clock.instant();
      if (found.isPresent() && validating && status == 304) {
        StoredAnswer fresh = freshened(found.get(), headers, now);
        removeConditions();
        serve(fresh, request, client, now, "hit; fwd=stale; fwd-status=304");
        return true;
      }
      removeConditions();
      if (found.isPresent() && status >= 500 && mayServeForError(found.get(), now)) {
        serve(
            found.get(), request, client, now, "hit; detail=stale-if-error; fwd-status=" + status);
        return true;
      }
      if (status >= 500) {
        over();
      } else if (storability.judge(request, status, headers.copy(), NOTHING, now).isEmpty()) {
        dropped();
      }
      headers.add("Cache-Status", "rr; fwd=" + (found.isPresent() ? "stale" : "uri-miss"));
      return false;
    }

    @Override
    public void dropped() {
      if (awaited) {
        awaited = false;
        crowd.useless(key);
      }
    }

    /** The conditions were the cache's own; what the client gets must not depend on them. */
    private void removeConditions() {
      if (validating) {
        request.headers().remove("If-None-Match").remove("If-Modified-Since");
      }
    }

    /** The stored answer with what the 304 says, stored in its place if it still may be. */
    private StoredAnswer freshened(StoredAnswer stored, HttpHeaders update, Instant now) {
      HttpHeaders merged = merged(stored.headers(), update);
      Optional<StoredAnswer> fresh =
          storability.judge(request, stored.status(), merged, stored.body(), now);
      fresh.ifPresentOrElse(
          answer -> store.put(key, request.headers(), answer, since), () -> store.remove(key));
      return fresh.orElse(stored);
    }

    private boolean mayServeForError(StoredAnswer stored, Instant now) {
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
        crowd.served(key);
      }
    }
  }

  /** RFC 9111, section 3.2: what the update has replaces every line of that name. */
  private static HttpHeaders merged(HttpHeaders stored, HttpHeaders update) {
    HttpHeaders all = stored.copy();
    // An age and a date belong to one answer.
    all.remove("Age").remove("Date");
    update.forEach((name, value) -> {
      if (!ABOUT_THE_BODY.contains(name.toLowerCase(Locale.ROOT))) {
        all.remove(name);
      }
    });
    update.forEach((name, value) -> {
      if (!ABOUT_THE_BODY.contains(name.toLowerCase(Locale.ROOT))) {
        all.add(name, value);
      }
    });
    return withoutConnection(all);
  }

  private static HttpHeaders withoutConnection(HttpHeaders headers) {
    CONNECTION.forEach(headers::remove);
    return headers;
  }

  /** Fetches an answer anew for nobody but the store; one fetch of a URI at a time. */
  private void refresh(String key, HttpRequest request) {
    if (!store.beginFetching(key)) {
      return;
    }
    DetachedRequest again = new DetachedRequest(request);
    long since = store.turn();
    FetchResponse.Fetched fetched =
        new FetchResponse.Fetched() {
          @Override
          public boolean replaces(int status, HttpHeaders headers) {
            return false;
          }

          @Override
          public void dropped() {}

          @Override
          public void complete(Recording recording) {
            keep(key, again, recording, since);
          }

          @Override
          public void over() {
            store.fetched(key);
          }
        };
    try {
      next.handle(again, new FetchResponse(new DetachedResponse(), maxEntry, fetched));
    } catch (RuntimeException e) {
      fetched.over();
      throw e;
    }
  }

  private void keep(String key, HttpRequest request, Recording recording, long since) {
    HttpHeaders headers = withoutConnection(recording.headers().remove("Cache-Status"));
    storability
        .judge(request, recording.status(), headers, recording.body(), clock.instant())
        .ifPresent(answer -> store.put(key, request.headers(), answer, since));
  }

  /**
   * A change that succeeded makes what is stored of the same URI invalid (RFC 9111, section 4.4).
   */
  private HttpResponse invalidating(HttpRequest request, HttpResponse response) {
    return new ForwardingResponse(response) {
      @Override
      public void head(int status, HttpHeaders headers) {
        if (status < 400) {
          store.remove(AnswerStore.key(request));
          invalidateNamed(request, headers.get("Location", ""));
          invalidateNamed(request, headers.get("Content-Location", ""));
        }
        super.head(status, headers);
      }
    };
  }

  /** Only of the same origin: an application must not empty the cache of another. */
  private void invalidateNamed(HttpRequest request, String location) {
    String origin = request.scheme() + "://" + request.host().toLowerCase(Locale.ROOT);
    if (location.startsWith("/") && !location.startsWith("//")) {
      store.remove(origin + location);
    } else if (location.startsWith(origin + "/")) {
      store.remove(location);
    }
  }
}
