package dev.rr.api.http;

import dev.rr.annotation.Contract;

/** A link of the HTTP chain. The plugin's id is the name that {@code http.middleware} lists. */
@Contract
public interface Middleware {
  /**
   * Puts this middleware around {@code next}. Called once for each listener when it starts.
   *
   * @return a handler that calls {@code next}, or answers itself
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
