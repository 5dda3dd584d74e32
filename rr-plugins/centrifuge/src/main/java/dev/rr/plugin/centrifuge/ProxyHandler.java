package dev.rr.plugin.centrifuge;

import dev.rr.api.grpc.GrpcCall;
import dev.rr.api.grpc.GrpcHandler;
import dev.rr.api.grpc.GrpcReply;
import dev.rr.api.log.Log;
import dev.rr.api.trace.Span;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.json.JsonWriter;
import java.util.List;
import java.util.Map;

/** Has a worker answer calls of one method. Any thread. */
final class ProxyHandler implements GrpcHandler {
  private static final String TYPE = "type";

  private final Pool pool;
  private final String type;
  private final int mostSent;
  private final Log log;

  /**
   * A handler.
   *
   * @param type what workers are told that the call is
   * @param mostSent bytes that an answer may have
   */
  ProxyHandler(Pool pool, String type, int mostSent, Log log) {
    this.pool = pool;
    this.type = type;
    this.mostSent = mostSent;
    this.log = log;
  }

  @Override
  public void handle(GrpcCall call, GrpcReply reply) {
    byte[] message = call.messages().getFirst();
    Pool.Execution execution =
        pool.exec(
            new Payload(
                Payload.PROTO,
                () -> context(call),
                message.length == 0 ? Payload.NO_BODY : new Payload.Bytes(message)),
            new ProxyReply(call, reply, mostSent, log));
    call.onCancel(execution::cancel);
  }

  /**
   * The call's metadata as JSON, lists of values by name, and its type: last, since clients of
   * Centrifugo may have their own fields handed on, and must not say what a call is.
   */
  private byte[] context(GrpcCall call) {
    Map<String, List<String>> context = call.metadata().byName();
    if (call.notes().get(Span.NOTE) instanceof Span span) {
      span.inject((name, value) -> context.put(name, List.of(value)));
    }
    context.put(TYPE, List.of(type));
    return JsonWriter.write(context);
  }
}
