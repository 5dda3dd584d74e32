package test.bad;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.http.Middleware;
import dev.rr.api.rpc.RpcService;
import java.util.Map;

@EnabledBy("http")
// 1: [rr/NoPlugin] NoPlugins is marked @EnabledBy, but it is no plugin, so nothing comes of it; mark the class with @Plugin("…")
final class NoPlugins {
  @Collects
// 3: [rr/NoPlugin] collect() is marked @Collects, but NoPlugins is no plugin, so nothing comes of it; mark the class with @Plugin("…") or move the method into one that is
  void collect(Middleware middleware) {}

  @Offers
// 3: [rr/NoPlugin] offer() is marked @Offers, but NoPlugins is no plugin, so nothing comes of it; mark the class with @Plugin("…") or move the method into one that is
  RpcService offer() {
    return Map::of;
  }

  @RpcMethod("Call")
// 3: [rr/NoPlugin] call() is marked @RpcMethod, but NoPlugins is no plugin, so nothing comes of it; mark the class with @Plugin("…") or move the method into one that is
  void call() {}
}

@Offers("name")
// 1: [rr/NoPlugin] NamedNoPlugin is marked @Offers, but it is no plugin, so nothing comes of it; mark the class with @Plugin("…")
final class NamedNoPlugin {}
