package dev.rr.plugin.centrifuge;

import com.google.protobuf.CodedInputStream;
import dev.rr.api.grpc.GrpcCall;
import dev.rr.api.grpc.GrpcReply;
import dev.rr.api.grpc.GrpcStatus;
import dev.rr.api.log.Log;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Reply;
import dev.rr.grpc.CallSettings;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes a worker's answer: one frame, whose body is the message. Its context says nothing. On the
 * worker's thread.
 */
final class ProxyReply implements Reply {
  private final GrpcCall call;
  private final GrpcReply reply;
  private final int mostSent;
  private final Log log;
  private byte[] message = {};
  private int taken;
  private boolean failed;

  ProxyReply(GrpcCall call, GrpcReply reply, int mostSent, Log log) {
    this.call = call;
    this.reply = reply;
    this.mostSent = mostSent;
    this.log = log;
  }

  @Override
  public boolean frame(
      int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last) {
    long length = body.remaining() + remaining;
    if (!last) {
      fail(GrpcStatus.of(GrpcStatus.UNKNOWN, "streaming response not supported"));
      return false;
    }
    if (length > mostSent) {
      fail(CallSettings.tooLarge(length, mostSent));
      return false;
    }
    message = new byte[(int) length];
    return body(body, remaining);
  }

  @Override
  public boolean body(ByteBuffer chunk, long remaining) {
    int more = chunk.remaining();
    chunk.get(message, taken, more);
    taken += more;
    if (remaining == 0) {
      complete();
    }
    return true;
  }

  private void complete() {
    if (isMessage(message)) {
      reply.message(message);
    } else {
      fail(GrpcStatus.of(GrpcStatus.UNKNOWN, "proto: cannot parse invalid wire-format data"));
    }
  }

  /** Whether bytes can be read as fields, whatever is in them. */
  private static boolean isMessage(byte[] bytes) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        boolean unused = in.skipField(tag);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void failed(ExecException error) {
    call.cancelled()
        .ifPresentOrElse(
            reply::fail,
            () -> fail(GrpcStatus.of(GrpcStatus.UNKNOWN, String.valueOf(error.getMessage()))));
  }

  /** What comes of a call that has failed already is no news. */
  private void fail(GrpcStatus status) {
    if (failed) {
      return;
    }
    failed = true;
    log.error(
        "a call of Centrifugo was not answered",
        "method",
        call.method(),
        "error",
        status.message());
    reply.fail(status);
  }
}
