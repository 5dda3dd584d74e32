package com.example.lines;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.WholeReply;
import dev.rr.json.JsonWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A connection, on its event loop: workers answer its lines side by side, and the answers leave in
 * the order of the lines.
 */
final class LineHandler extends SimpleChannelInboundHandler<ByteBuf> {
  private static final int LONGEST_ANSWER = 1024 * 1024;

  private final Pool pool;
  private CompletionStage<?> sent = CompletableFuture.completedStage(null);

  LineHandler(Pool pool) {
    this.pool = pool;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf line) {
    byte[] request = JsonWriter.write(Map.of("method", "LINE", "uri", line.toString(UTF_8)));
    WholeReply reply = new WholeReply(LONGEST_ANSWER);
    pool.exec(Payload.of(Payload.JSON, request, new byte[0]), reply);
    CompletionStage<byte[]> answer =
        reply.answer().handle((a, fault) -> fault == null ? a.body() : text(fault));
    sent = sent.thenCombine(answer, (before, bytes) -> send(context, bytes));
  }

  private static byte[] text(Throwable fault) {
    return ("error: " + fault.getMessage() + "\n").getBytes(UTF_8);
  }

  private static boolean send(ChannelHandlerContext context, byte[] bytes) {
    context.writeAndFlush(Unpooled.wrappedBuffer(bytes), context.voidPromise());
    return true;
  }
}
