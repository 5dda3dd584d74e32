package test.bad;

import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.log.Log;
import dev.rr.api.rpc.RpcService;
import java.io.IOException;
import java.util.Map;

@Plugin("offers")
final class OffersMethods {
  OffersMethods() {}

  @Offers
  RpcService withParameter(String name) {
// 14: [rr/OffersMethod] @Offers withParameter() takes parameters, which nobody gives it; take what is needed in the constructor
    return Map::of;
  }

  @Offers
  void nothing() {}
// 8: [rr/OffersMethod] @Offers nothing() returns nothing; return the @Contract interface that is offered

  @Offers
  String text() {
// 10: [rr/OffersMethod] @Offers text() returns String, which is no @Contract interface; declare the interface that is offered
    return "";
  }

  @Offers
  private RpcService hidden() {
// 22: [rr/OffersMethod] @Offers hidden() is private, so it cannot be called; leave `private` out
    return Map::of;
  }

  @Offers
  static RpcService shared() {
// 21: [rr/OffersMethod] @Offers shared() is static, but an offer is the plugin's own; leave `static` out
    return Map::of;
  }

  @Offers
  RpcService failing() throws IOException {
// 14: [rr/OffersMethod] @Offers failing() throws IOException; do the work that can fail in init()
    throw new IOException();
  }
}
