package test.bad;

import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Loggers;
import dev.rr.api.rpc.RpcService;
import java.util.Map;
import java.util.Optional;

@Plugin("needs")
final class Needs implements Middleware {
  Needs(Loggers loggers, Optional<Loggers> again, Middleware next, RpcService service) {}
// 44: [rr/NeedTwice] parameters loggers and again both need Loggers, and would be the same object; leave one out
// 62: [rr/NeedsItself] parameter next needs Middleware, which Needs itself offers; a plugin cannot wait for itself: leave the parameter out or offer another contract
// 79: [rr/NeedsItself] parameter service needs RpcService, which Needs itself offers by service(); a plugin cannot wait for itself: leave the parameter out or offer another contract

  @Override
  public HttpHandler wrap(HttpHandler next) {
    return next;
  }

  @Offers
  RpcService service() {
    return Map::of;
  }
}
