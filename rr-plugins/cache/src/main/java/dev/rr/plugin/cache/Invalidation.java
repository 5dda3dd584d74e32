package dev.rr.plugin.cache;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;

/**
 * Passes the answer to a change on. One that succeeded makes what is stored of the same URI invalid
 * (RFC 9111, section 4.4), and of those that the answer names.
 */
final class Invalidation extends ForwardingResponse {
  private final AnswerStore store;
  private final HttpRequest request;

  Invalidation(AnswerStore store, HttpRequest request, HttpResponse response) {
    super(response);
    this.store = store;
    this.request = request;
  }

  @Override
  public void head(int status, HttpHeaders headers) {
    if (status < 400) {
      store.remove(CacheKey.of(request));
      if (!request.target().startsWith("/")) {
        // Sent as to a proxy; others ask for the same URI by its path.
        invalidateNamed(request.target());
      }
      invalidateNamed(headers.get("Location", ""));
      invalidateNamed(headers.get("Content-Location", ""));
    }
    super.head(status, headers);
  }

  /** Only of the same origin: an application must not empty the cache of another. */
  private void invalidateNamed(String location) {
    int fragment = location.indexOf('#');
    String uri = fragment < 0 ? location : location.substring(0, fragment);
    String origin = request.scheme() + "://" + request.host();
    if (uri.startsWith("/") && !uri.startsWith("//")) {
      remove(uri);
    } else if (uri.regionMatches(true, 0, origin + "/", 0, origin.length() + 1)) {
      remove(uri.substring(origin.length()));
    }
  }

  private void remove(String target) {
    store.remove(CacheKey.of(request.scheme(), request.host(), target));
  }
}
