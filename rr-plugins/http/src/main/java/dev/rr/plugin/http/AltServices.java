package dev.rr.plugin.http;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;

/** Tells clients where else they are served (RFC 7838), before everything else in the chain. */
final class AltServices implements HttpHandler {
  private final HttpHandler next;
  private volatile String value = "";

  AltServices(HttpHandler next) {
    this.next = next;
  }

  /** Announces this from now on; empty is nothing. Any thread. */
  void announce(String altService) {
    value = altService;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    String now = value;
    next.handle(request, now.isEmpty() ? response : new Announcing(response, now));
  }

  private static final class Announcing extends ForwardingResponse {
    private final String value;

    Announcing(HttpResponse next, String value) {
      super(next);
      this.value = value;
    }

    @Override
    public void head(int status, HttpHeaders headers) {
      if (!headers.contains("Alt-Svc")) {
        headers.add("Alt-Svc", value);
      }
      next.head(status, headers);
    }
  }
}
