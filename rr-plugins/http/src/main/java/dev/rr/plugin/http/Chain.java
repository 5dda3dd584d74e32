package dev.rr.plugin.http;

import dev.rr.api.config.Nearest;
import dev.rr.api.config.Problem;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Catalogue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The middleware that is in force, the one that meets a request first at the front. Immutable.
 *
 * @param names as listed, without those that are switched off
 */
record Chain(List<String> names, List<Middleware> links) {
  /**
   * Puts the listed names together.
   *
   * @param live middleware by name
   * @param place where the list stands
   * @param problems gets a problem for each name that nothing here offers
   */
  static Chain of(
      HttpConfig config,
      Map<String, Middleware> live,
      Catalogue catalogue,
      Problem.Place place,
      List<Problem> problems,
      Log log) {
    List<String> names = new ArrayList<>();
    for (String name : config.middleware()) {
      Catalogue.Entry entry = catalogue.find(name).orElse(null);
      if (live.containsKey(name)) {
        names.add(name);
      } else if (entry != null && entry.builtIn() && offers(entry)) {
        log.warn("a listed middleware is switched off, see rr plugins", "middleware", name);
      } else if (entry != null && offers(entry)) {
        problems.add(
            new Problem(
                place,
                "'"
                    + name
                    + "' is not in this binary; add "
                    + entry.coordinates()
                    + " to the build"));
      } else {
        problems.add(new Problem(place, unknown(name, live, catalogue)));
      }
    }
    if (config.middlewareOrder() == HttpConfig.Order.LAST_FIRST) {
      Collections.reverse(names);
    }
    if (names.size() > 1) {
      log.info(
          "middleware in the order requests meet them", "middleware", String.join(" > ", names));
    }
    List<Middleware> links = new ArrayList<>();
    names.forEach(n -> links.add(live.get(n)));
    return new Chain(List.copyOf(names), List.copyOf(links));
  }

  private static boolean offers(Catalogue.Entry entry) {
    return entry.offers().contains(Middleware.class.getName());
  }

  private static String unknown(String name, Map<String, Middleware> live, Catalogue catalogue) {
    TreeSet<String> known = new TreeSet<>(live.keySet());
    catalogue.offering(Middleware.class).forEach(e -> known.add(e.id()));
    String near = Nearest.to(name, known);
    return "'"
        + name
        + "' is no middleware; "
        + (known.isEmpty()
            ? "there is none in this binary"
            : "there are " + String.join(", ", known))
        + (near == null ? "" : "; did you mean '" + near + "'?");
  }

  /** The whole chain, with {@code end} behind it; what comes after a tracing link is traced. */
  HttpHandler around(HttpHandler end) {
    int tracing = 0;
    while (tracing < links.size() && !links.get(tracing).traces()) {
      tracing++;
    }
    HttpHandler handler = tracing < links.size() ? new TracedHandler("http", end) : end;
    for (int i = links.size() - 1; i >= 0; i--) {
      handler = links.get(i).wrap(handler);
      if (i > tracing) {
        handler = new TracedHandler(names.get(i), handler);
      }
    }
    return handler;
  }
}
