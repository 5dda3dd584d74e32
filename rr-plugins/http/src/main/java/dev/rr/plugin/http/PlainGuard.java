package dev.rr.plugin.http;

import dev.rr.netty.LingeringClose;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/**
 * Stands before TLS and tells clients that speak HTTP without it. A connection's first byte is
 * enough: no record of TLS begins with a letter. On its connection's loop only.
 */
final class PlainGuard extends ChannelInboundHandlerAdapter {
  private static final String SENTENCE = "Client sent an HTTP request to an HTTPS server.\n";
  private static final byte[] ANSWER =
      ("HTTP/1.1 400 Bad Request\r\n"
              + "Content-Type: text/plain; charset=utf-8\r\n"
              + "Content-Length: "
              + SENTENCE.length()
              + "\r\nConnection: close\r\n\r\n"
              + SENTENCE)
          .getBytes(StandardCharsets.US_ASCII);

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    byte first = bytes.getByte(bytes.readerIndex());
    if (first < 'A' || first > 'Z') {
      context.fireChannelRead(bytes);
      context.pipeline().remove(this);
      return;
    }
    bytes.release();
    context.pipeline().addFirst(new LingeringClose());
    context.write(Unpooled.wrappedBuffer(ANSWER));
    context.close();
  }
}
