package dev.rr.plugin.grpc;

import dev.rr.api.grpc.GrpcCall;
import dev.rr.api.grpc.GrpcHandler;
import dev.rr.api.grpc.GrpcReply;
import dev.rr.api.log.Log;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import java.util.List;

/** The end of the chain: has a worker answer. Any thread. */
final class WorkerHandler implements GrpcHandler {
  private final Pool pool;
  private final boolean streams;
  private final int mostSent;
  private final Log log;

  /**
   * A handler.
   *
   * @param streams whether the proto file lets an answer be a stream
   * @param mostSent bytes that a message of an answer may have
   */
  WorkerHandler(Pool pool, boolean streams, int mostSent, Log log) {
    this.pool = pool;
    this.streams = streams;
    this.mostSent = mostSent;
    this.log = log;
  }

  @Override
  public void handle(GrpcCall call, GrpcReply reply) {
    byte[] body = body(call.messages());
    Pool.Execution execution =
        pool.exec(
            new Payload(
                Payload.JSON,
                new CallContext(call),
                body.length == 0 ? Payload.NO_BODY : new Payload.Bytes(body)),
            new ConversationReply(call, reply, new CallReply(call, reply, streams, mostSent, log)));
    call.onCancel(execution::cancel);
  }

  /** Several stand one behind the other; the context tells where each begins. */
  private static byte[] body(List<byte[]> messages) {
    if (messages.size() == 1) {
      return messages.getFirst();
    }
    byte[] all = new byte[messages.stream().mapToInt(message -> message.length).sum()];
    int at = 0;
    for (byte[] message : messages) {
      System.arraycopy(message, 0, all, at, message.length);
      at += message.length;
    }
    return all;
  }
}
