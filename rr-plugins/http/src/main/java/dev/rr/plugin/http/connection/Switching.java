package dev.rr.plugin.http.connection;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.http.HeaderNames;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request that is either answered in HTTP or taken over, once. */
final class Switching extends ForwardingResponse implements HttpUpgrade.Switch {
  private final Upgradable exchange;
  private final String protocol;
  private final AtomicBoolean decided = new AtomicBoolean();

  Switching(Upgradable exchange, HttpResponse response, String protocol) {
    super(response);
    this.exchange = exchange;
    this.protocol = protocol;
  }

  @Override
  public void head(int status, HttpHeaders headers) {
    decide();
    next.head(status, headers);
  }

  @Override
  public void abort(Throwable cause) {
    // Also behind a head, whose answer is broken off.
    decided.set(true);
    next.abort(cause);
  }

  @Override
  public HttpUpgrade.Wire accept(HttpHeaders headers, HttpUpgrade.Receiver receiver) {
    decide();
    HttpHeaders fields = headers.copy().set(HeaderNames.UPGRADE, protocol);
    return exchange.leave(receiver, () -> answer(fields));
  }

  /** Middleware gets to see 101 as it sees every answer. */
  private void answer(HttpHeaders fields) {
    next.head(101, fields);
    next.flush();
  }

  private void decide() {
    if (!decided.compareAndSet(false, true)) {
      throw new IllegalStateException("the request was answered or taken over before");
    }
  }
}
