package dev.rr.plugin.centrifuge;

import dev.rr.api.trace.Tracer;
import dev.rr.api.worker.Pool;
import dev.rr.grpc.CallSettings;
import dev.rr.grpc.MessageBytes.Received;
import dev.rr.grpc.MethodTable;
import dev.rr.grpc.TracingHandler;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What Centrifugo calls: {@code centrifugal.centrifugo.proxy.CentrifugoProxy}. */
final class ProxyService {
  static final String NAME = "centrifugal.centrifugo.proxy.CentrifugoProxy";

  /** What workers answer; they are told these names in small letters. */
  static final List<String> METHODS =
      List.of(
          "Connect",
          "Refresh",
          "Subscribe",
          "Publish",
          "RPC",
          "SubRefresh",
          "NotifyCacheEmpty",
          "NotifyChannelState");

  private ProxyService() {}

  /** All of its methods, those that stream among them, which no worker can answer. */
  static MethodTable methods(Pool pool, Optional<Tracer> tracer, CallSettings settings) {
    MethodTable methods = new MethodTable();
    for (String method : METHODS) {
      ProxyHandler handler =
          new ProxyHandler(
              pool, method.toLowerCase(Locale.ROOT), settings.mostSent(), settings.log());
      methods.serve(
          NAME, method, MethodType.UNARY, TracingHandler.around(handler, tracer), settings);
    }
    refuse(methods, "SubscribeUnidirectional", MethodType.SERVER_STREAMING);
    refuse(methods, "SubscribeBidirectional", MethodType.BIDI_STREAMING);
    return methods;
  }

  /** At once: who streams may not end its side before it was answered. */
  private static void refuse(MethodTable methods, String method, MethodType type) {
    methods.add(NAME, method, type, (call, metadata) -> refused(call));
  }

  private static ServerCall.Listener<Received> refused(ServerCall<Received, byte[]> call) {
    call.close(Status.UNKNOWN.withDescription("not supported"), new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
