package dev.rr.plugin.http.connection;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.http.HeaderNames;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a request that asks for another protocol to who speaks it, and every other one to the
 * workers. An {@code Upgrade} that names nothing known is a field like any other.
 */
public final class UpgradeHandler implements HttpHandler {
  /**
   * The note under which a request carries its exchange: middleware may wrap a request, and one
   * that came over another transport, or was made up, has none.
   */
  private static final Object EXCHANGE = new Object();

  private final Map<String, HttpUpgrade> offers;
  private final HttpHandler workers;

  private UpgradeHandler(Map<String, HttpUpgrade> offers, HttpHandler workers) {
    this.offers = offers;
    this.workers = workers;
  }

  /**
   * Puts what is offered before the workers.
   *
   * @param offers by the name of their protocol, in lower case
   */
  public static HttpHandler before(HttpHandler workers, Map<String, HttpUpgrade> offers) {
    return offers.isEmpty() ? workers : new UpgradeHandler(Map.copyOf(offers), workers);
  }

  /** Lets a request leave HTTP, if it gets as far as this handler. */
  public static <E extends HttpRequest & Upgradable> void offer(E exchange) {
    exchange.notes().put(EXCHANGE, exchange);
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    if (request.headers().contains(HeaderNames.UPGRADE)
        && request.notes().get(EXCHANGE) instanceof Upgradable exchange) {
      upgrade(request, response, exchange);
    } else {
      workers.handle(request, response);
    }
  }

  private void upgrade(HttpRequest request, HttpResponse response, Upgradable exchange) {
    Map.Entry<String, HttpUpgrade> offer = wanted(request.headers());
    if (offer != null) {
      Switching switching = new Switching(exchange, response, offer.getKey());
      offer.getValue().upgrade(request, switching, switching);
    } else if (exchange.isTunnel()) {
      // RFC 9220, section 3.
      response.head(501, new HttpHeaders());
      response.end();
    } else {
      workers.handle(request, response);
    }
  }

  /** The first that is asked for and offered, by the client's preference. */
  private Map.@Nullable Entry<String, HttpUpgrade> wanted(HttpHeaders headers) {
    for (String line : headers.all(HeaderNames.UPGRADE)) {
      for (String asked : line.split(",")) {
        String protocol = asked.strip().toLowerCase(Locale.ROOT);
        HttpUpgrade offer = offers.get(protocol);
        if (offer != null) {
          return Map.entry(protocol, offer);
        }
      }
    }
    return null;
  }
}
