package test.greeter;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.Named;
import dev.rr.api.rpc.RpcCall;
import java.util.List;
import java.util.Map;
import java.util.Optional;

@Plugin(value = "greeter", weight = 7)
@EnabledBy(value = {"tools.greeter", "greeter"}, any = true)
final class GreeterPlugin implements Greeting, Lifecycle {
  GreeterPlugin(GreeterConfig config, Loggers loggers, Optional<Clock> clock) {}

  @Override
  public String greet(String name) {
    return "Hello, " + name;
  }

  @Offers("loud")
  Greeting shouting() {
    return name -> greet(name).toUpperCase(java.util.Locale.ROOT);
  }

  @Offers
  Staff staff() {
    throw new UnsupportedOperationException();
  }

  @Collects
  void clock(Named named, Clock clock) {}

  @Collects
  void both(Clock clock, Greeting greeting) {}

  @RpcMethod(value = "Greet", quick = true)
  String greetByRpc(String name) {
    return greet(name);
  }

  @RpcMethod("Reset")
  void reset() {}

  @RpcMethod("Wait")
  String await(String name, RpcCall call) {
    return greet(name) + call.left();
  }

  @RpcMethod("Pause")
  void pause(RpcCall call) {}

  @RpcMethod("All")
  Map<String, List<List<Guest>>> all(Map<String, Object> filter) {
    return Map.of("all", List.of(List.of(new Guest("Ann", new Guest.Age(3)))));
  }
}
