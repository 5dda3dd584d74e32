package dev.rr.api.http;

import dev.rr.annotation.Contract;

/**
 * A link of the HTTP chain. {@code http.middleware} lists it by the name of the offer: the plugin's
 * id, unless its {@code @Offers} says another.
 */
@Contract
public interface Middleware {
  /**
   * Puts this middleware around {@code next}. Called once, by the thread that starts {@code http}:
   * the listeners of all protocols share the handler that comes of it. The handler runs on event
   * loops and must not block; see {@link HttpHandler}.
   *
   * @return a handler that calls {@code next}, or answers itself; never null, which fails the start
   */
  HttpHandler wrap(HttpHandler next);

  /**
   * Whether it leaves a span of each request in the request's notes, under {@link
   * dev.rr.api.trace.Span#NOTE}. Everything behind it in the chain is then traced too.
   */
  default boolean traces() {
    return false;
  }
}
