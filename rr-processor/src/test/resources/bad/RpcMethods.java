package test.bad;

import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.rpc.RpcCall;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

@Plugin("rpc_methods")
final class RpcMethods {
  RpcMethods() {}

  @RpcMethod("")
// 14: [rr/RpcName] empty()'s RPC name is ""; write letters and digits, such as "AddWorker"
  void empty() {}

  @RpcMethod("rpc.Call")
// 14: [rr/RpcName] dotted()'s RPC name is "rpc.Call"; write letters and digits, such as "AddWorker"
  void dotted() {}

  @RpcMethod("Call")
  void first() {}

  @RpcMethod(quick = true, value = "Call")
// 36: [rr/RpcNameTwice] first() and second() are both called "Call"; rename one of them
  void second() {}

  @RpcMethod("Hidden")
  private void hidden() {}
// 16: [rr/RpcMethod] RPC method hidden() is private, so it cannot be called on the plugin; leave `private` out

  @RpcMethod("Static")
  static void shared() {}
// 15: [rr/RpcMethod] RPC method shared() is static, so it cannot be called on the plugin; leave `static` out

  @RpcMethod("Generic")
  <T> void generic() {}
// 12: [rr/RpcMethod] RPC method generic() has type parameters; write the types it really takes

  @RpcMethod("TwoArguments")
  void two(String one, String two) {}
// 31: [rr/RpcMethod] RPC method two() has 2 parameters, but a call carries one argument; take a Map<String, Object> or a protobuf message, and behind it an RpcCall if the method waits

  @RpcMethod("TwoArgumentsAndCall")
  void twoAndCall(String one, String two, RpcCall call) {}
// 38: [rr/RpcMethod] RPC method twoAndCall() has 2 parameters, but a call carries one argument; take a Map<String, Object> or a protobuf message, and behind it an RpcCall if the method waits

  @RpcMethod("CallFirst")
  void callFirst(RpcCall call, String argument) {}
// 39: [rr/RpcMethod] RPC method callFirst() has 2 parameters, but a call carries one argument; take a Map<String, Object> or a protobuf message, and behind it an RpcCall if the method waits

  @RpcMethod("CallTwice")
  void callTwice(RpcCall call, RpcCall again) {}
// 26: [rr/RpcArgument] parameter call has the type RpcCall, which no codec reads; allowed are String, boolean, int, long, double, byte[], List<String>, Map<String, Object> and protobuf messages

  @RpcMethod("Argument")
  void argument(Duration pause) {}
// 26: [rr/RpcArgument] parameter pause has the type Duration, which no codec reads; allowed are String, boolean, int, long, double, byte[], List<String>, Map<String, Object> and protobuf messages

  @RpcMethod("Numbers")
  void numbers(List<Integer> numbers) {}
// 30: [rr/RpcArgument] parameter numbers has the type List<Integer>, which no codec reads; allowed are String, boolean, int, long, double, byte[], List<String>, Map<String, Object> and protobuf messages

  @RpcMethod("Result")
  Duration result() {
// 12: [rr/RpcResult] RPC method result() answers Duration, which no codec writes; allowed are void, String, boolean, int, long, double, byte[], records of these, List and Map<String, …> of these, and protobuf messages
    return Duration.ZERO;
  }

  @RpcMethod("Nested")
  List<Outer> nested() {
// 15: [rr/RpcResult] RPC method nested() answers Set<String> in Inner.names in Outer.inner, which no codec writes; allowed are void, String, boolean, int, long, double, byte[], records of these, List and Map<String, …> of these, and protobuf messages
    return List.of();
  }

  @RpcMethod("Later")
  CompletionStage<Inner> later() {
// 26: [rr/RpcResult] RPC method later() answers CompletionStage<Inner>, which no codec writes; allowed are void, String, boolean, int, long, double, byte[], records of these, List and Map<String, …> of these, and protobuf messages
    return CompletableFuture.completedFuture(new Inner(Set.of()));
  }

  @RpcMethod("LaterText")
  CompletionStage<String> laterText() {
    return CompletableFuture.completedFuture("");
  }

  record Outer(String name, List<Inner> inner) {}

  record Inner(Set<String> names) {}
}
