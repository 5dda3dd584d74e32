package dev.rr.plugin.rpc;

import dev.rr.goridge.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * What a call is answered. Immutable.
 *
 * @param call the call
 * @param flags the flags of the answer's frame
 * @param body the encoded result, or the error's text
 */
record RpcReply(Call call, int flags, byte[] body) {
  /** A larger body is sent from where it is instead of being copied. */
  private static final int COPIED = 16 * 1024;

  /** A result. */
  static RpcReply result(Call call, byte[] body) {
    return new RpcReply(call.withoutArgument(), call.codec().flag(), body);
  }

  /** An error; its text is not encoded. */
  static RpcReply error(Call call, String text) {
    return new RpcReply(
        call.withoutArgument(),
        call.codec().flag() | Frame.ERROR,
        text.getBytes(StandardCharsets.UTF_8));
  }

  /** The answer's frame. The caller releases it. */
  ByteBuf frame(ByteBufAllocator allocator) {
    boolean copied = body.length <= COPIED;
    int name = call.nameLength();
    ByteBuf out = allocator.ioBuffer(FrameReader.HEAD + name + (copied ? body.length : 0));
    byte[] head = new byte[FrameReader.HEAD];
    Frame.header(head, 0, flags, 0, (long) name + body.length, call.sequence(), name);
    out.writeBytes(head);
    out.writeBytes(call.payload(), 0, name);
    if (copied) {
      return out.writeBytes(body);
    }
    return Unpooled.wrappedBuffer(out, Unpooled.wrappedBuffer(body));
  }
}
