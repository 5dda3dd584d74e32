package dev.rr.plugin.grpc;

import dev.rr.api.grpc.GrpcCall;
import dev.rr.api.grpc.GrpcReply;
import dev.rr.api.grpc.GrpcStatus;
import dev.rr.api.log.Log;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Reply;
import dev.rr.grpc.CallSettings;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Takes a worker's answer: one frame, whose body is the message, or a frame for each message of a
 * stream. The first frame's context has the headers, the last one's the trailers; a last frame
 * without a body is the end and no message. On the worker's thread.
 */
final class CallReply implements Reply {
  private final GrpcCall call;
  private final GrpcReply reply;
  private final boolean streams;
  private final int mostSent;
  private final Log log;
  private byte[] context = {};
  private byte[] message = {};
  private int taken;
  private boolean last;
  private boolean streaming;

  CallReply(GrpcCall call, GrpcReply reply, boolean streams, int mostSent, Log log) {
    this.call = call;
    this.reply = reply;
    this.streams = streams;
    this.mostSent = mostSent;
    this.log = log;
  }

  @Override
  public boolean frame(
      int codec, ByteBuffer head, ByteBuffer body, long remaining, boolean isLast) {
    if (!isLast && !streams) {
      reply.fail(GrpcStatus.of(GrpcStatus.UNKNOWN, "streaming is not supported"));
      return false;
    }
    long length = body.remaining() + remaining;
    if (length > mostSent) {
      reply.fail(CallSettings.tooLarge(length, mostSent));
      return false;
    }
    last = isLast;
    context = new byte[head.remaining()];
    head.get(context);
    if (remaining == 0 && body.hasArray() && body.array().length == length) {
      // Most messages come in one piece, which is ours already.
      message = body.array();
      return complete();
    }
    message = new byte[(int) length];
    taken = 0;
    return body(body, remaining);
  }

  @Override
  public boolean body(ByteBuffer chunk, long remaining) {
    int more = chunk.remaining();
    chunk.get(message, taken, more);
    taken += more;
    return remaining > 0 || complete();
  }

  private boolean complete() {
    Optional<GrpcStatus> error = error();
    if (error.isPresent()) {
      reply.fail(error.get());
      return false;
    }
    if (last && !streaming && !isEndOfNothing()) {
      reply.message(message);
      return true;
    }
    streaming = true;
    boolean wanted = last && message.length == 0 || reply.part(message);
    if (last) {
      reply.end();
    }
    return wanted;
  }

  // Of a stream without messages there is the last frame alone. One of a package that answers with
  // a single message has a context at least.
  private boolean isEndOfNothing() {
    return streams && message.length == 0 && context.length == 0;
  }

  /**
   * The worker has shown that it knows streams: where there may be one, its last frame is an end,
   * and a message only where it has a body.
   */
  void beginStream() {
    streaming = streams;
  }

  private Optional<GrpcStatus> error() {
    try {
      return AnswerContext.apply(context, reply, log);
    } catch (IllegalArgumentException e) {
      return Optional.of(GrpcStatus.of(GrpcStatus.UNKNOWN, String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void failed(ExecException error) {
    reply.fail(call.cancelled().orElseGet(() -> WorkerErrors.status(error)));
  }
}
