package dev.rr.api.grpc;

/** Answers calls. */
@FunctionalInterface
public interface GrpcHandler {
  /**
   * Answers a call, now or later. Called on the connection's event loop, which it must not block;
   * an exception fails the call.
   */
  void handle(GrpcCall call, GrpcReply reply);
}
