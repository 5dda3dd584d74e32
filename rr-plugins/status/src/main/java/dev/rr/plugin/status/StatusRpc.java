package dev.rr.plugin.status;

import dev.rr.api.health.Health;
import dev.rr.api.rpc.RpcArgument;
import dev.rr.api.rpc.RpcHandler;
import dev.rr.api.rpc.RpcService;
import dev.rr.plugin.status.Check.Told;
import dev.rr.proto.StatusProto.Request;
import dev.rr.proto.StatusProto.Response;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * RPC {@code status.*}. Written by hand, since the argument is a message or, as in RoadRunner 2, a
 * text. Any thread.
 */
record StatusRpc(HealthChecks checks) implements RpcService {
  @Override
  public Map<String, RpcHandler> methods() {
    return Map.of(
        "Status", argument -> answer(Probe.LIVE, "status", argument),
        "Ready", argument -> answer(Probe.READY, "ready", argument));
  }

  private Response answer(Probe probe, String word, RpcArgument argument) throws Exception {
    String plugin = plugin(argument);
    CompletableFuture<Told<Health>> asked = checks.ask(probe, plugin);
    if (asked == null) {
      throw new IllegalArgumentException(
          "checker_rpc_" + word + ":\n\tchecker_plugin_" + word + ": no such plugin: " + plugin);
    }
    Told<Health> told = asked.get();
    Health health = told.value();
    if (health == null) {
      throw new IllegalStateException("checker_rpc_" + word + ": " + told.error());
    }
    return Response.newBuilder().setCode(health.status()).build();
  }

  private static String plugin(RpcArgument argument) {
    try {
      return argument.string();
    } catch (IllegalArgumentException noText) {
      return argument.message(Request.getDefaultInstance()).getPlugin();
    }
  }
}
