package dev.rr.plugin.http;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.trace.Span;

/**
 * Has a span around a handler and all that lies behind it, where the request is being traced. The
 * span is passed on in the request's headers, so PHP continues the innermost one.
 */
final class TracedHandler implements HttpHandler {
  private final String name;
  private final HttpHandler handler;

  TracedHandler(String name, HttpHandler handler) {
    this.name = name;
    this.handler = handler;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    if (request.notes().get(Span.NOTE) instanceof Span around) {
      Span span = around.child(name);
      request.notes().put(Span.NOTE, span);
      span.inject(request.headers()::set);
      response.onClose(span::end);
    }
    handler.handle(request, response);
  }
}
