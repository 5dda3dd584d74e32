package dev.rr.plugin.http;

import dev.rr.api.config.Section;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Choice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The middleware that is in force, the one that meets a request first at the front. Immutable.
 *
 * @param names in the order requests meet them, without those that are switched off
 * @param off those that are listed and switched off
 */
record Chain(List<String> names, List<Middleware> links, List<String> off) {
  /** Nothing around the workers. */
  static final Chain EMPTY = new Chain(List.of(), List.of(), List.of());

  /**
   * Puts the listed names together.
   *
   * @param live the middleware of this binary
   * @param http the section {@code http}; gets a problem for each name that nothing here offers
   */
  static Chain of(HttpConfig config, Choice<Middleware> live, Section http) {
    List<String> names = new ArrayList<>();
    List<String> off = new ArrayList<>();
    Set<String> listed = new HashSet<>();
    for (String name : config.middleware()) {
      if (!listed.add(name)) {
        http.problem("middleware", "'" + name + "' is listed twice; once is enough");
      } else if (live.isSwitchedOff(name)) {
        off.add(name);
      } else if (live.find(name, http, "middleware").isPresent()) {
        names.add(name);
      }
    }
    if (config.middlewareOrder() == HttpConfig.Order.LAST_FIRST) {
      Collections.reverse(names);
    }
    List<Middleware> links = names.stream().map(name -> live.find(name).orElseThrow()).toList();
    return new Chain(List.copyOf(names), links, List.copyOf(off));
  }

  /** Says what is in force, and what is not although it is listed. */
  void tell(Log log) {
    off.forEach(name ->
        log.warn("a listed middleware is switched off, see rr plugins", "middleware", name));
    if (names.size() > 1) {
      log.info(
          "middleware in the order requests meet them", "middleware", String.join(" > ", names));
    }
  }

  /** The whole chain, with {@code end} behind it; what comes after a tracing link is traced. */
  HttpHandler around(HttpHandler end) {
    int tracing = 0;
    while (tracing < links.size() && !links.get(tracing).traces()) {
      tracing++;
    }
    HttpHandler handler = tracing < links.size() ? new TracedHandler("http", end) : end;
    for (int i = links.size() - 1; i >= 0; i--) {
      handler = wrap(i, handler);
      if (i > tracing) {
        handler = new TracedHandler(names.get(i), handler);
      }
    }
    return handler;
  }

  private HttpHandler wrap(int i, HttpHandler next) {
    @Nullable HttpHandler wrapped;
    try {
      wrapped = links.get(i).wrap(next);
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "the middleware '%s' failed in wrap(): %s".formatted(names.get(i), e), e);
    }
    if (wrapped == null) {
      throw new IllegalStateException(
          "the middleware '%s' returned null from wrap(); it must return a handler: the given one where it has nothing to do"
              .formatted(names.get(i)));
    }
    return wrapped;
  }
}
