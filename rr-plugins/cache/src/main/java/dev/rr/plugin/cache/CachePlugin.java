package dev.rr.plugin.cache;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.Middleware;
import java.time.InstantSource;

/** Keeps answers in memory and gives them again. */
@Plugin("cache")
@EnabledBy("http.cache")
final class CachePlugin implements Middleware {
  private final CacheConfig config;
  private final AnswerStore store;
  private final RequestCollapser collapser = new RequestCollapser();

  CachePlugin(CacheConfig config) {
    this.config = config;
    this.store = new AnswerStore(config.maxBytes());
  }

  @Override
  public HttpHandler wrap(HttpHandler next) {
    return new CacheHandler(config, store, collapser, next, InstantSource.system());
  }
}
