package dev.rr.plugin.otel;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.trace.Span;
import dev.rr.api.trace.Tracer;

/**
 * Opens a server span for each request and hands it on: to later middleware by a note, to the
 * application by headers.
 */
final class OtelMiddleware implements HttpHandler {
  private final Tracer tracer;
  private final HttpHandler next;

  OtelMiddleware(Tracer tracer, HttpHandler next) {
    this.tracer = tracer;
    this.next = next;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    HttpHeaders headers = request.headers();
    Span span =
        tracer
            .begin(request.target(), Tracer.Kind.SERVER, headers::get)
            .attribute("http.request.method", request.method())
            .attribute("url.scheme", request.scheme())
            .attribute("url.path", path(request.target()))
            .attribute("server.address", request.host())
            .attribute("client.address", request.remoteAddress())
            .attribute("network.protocol.version", request.protocol().replace("HTTP/", ""))
            .attribute("user_agent.original", headers.get("User-Agent", ""));
    request.notes().put(Span.NOTE, span);
    span.inject(headers::set);
    response.onClose(span::end);
    next.handle(request, new Observed(response, span));
  }

  private static String path(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private static final class Observed extends ForwardingResponse {
    private final Span span;

    Observed(HttpResponse next, Span span) {
      super(next);
      this.span = span;
    }

    @Override
    public void head(int status, HttpHeaders headers) {
      span.attribute("http.response.status_code", status);
      if (status >= 500) {
        span.error("");
      }
      super.head(status, headers);
    }

    @Override
    public void abort(Throwable cause) {
      span.error(String.valueOf(cause.getMessage()));
      super.abort(cause);
    }
  }
}
