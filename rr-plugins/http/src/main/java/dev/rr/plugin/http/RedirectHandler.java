package dev.rr.plugin.http;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.http.Targets;

/** Sends every plain request to the TLS listener. */
final class RedirectHandler implements HttpHandler {
  private static final int HTTPS = 443;
  private final int port;

  /** Redirects to this port. */
  RedirectHandler(int port) {
    this.port = port;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    HttpHeaders headers =
        new HttpHeaders()
            .add("Location", location(request))
            .add("Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload");
    response.head(308, headers);
    response.end();
  }

  private String location(HttpRequest request) {
    String host = request.host();
    int colon = host.lastIndexOf(':');
    if (colon > host.lastIndexOf(']')) {
      host = host.substring(0, colon);
    }
    String uri = Targets.uri(request);
    int path = uri.indexOf('/', uri.indexOf("://") + 3);
    return "https://"
        + host
        + (port == HTTPS ? "" : ":" + port)
        + (path < 0 ? "/" : uri.substring(path));
  }
}
