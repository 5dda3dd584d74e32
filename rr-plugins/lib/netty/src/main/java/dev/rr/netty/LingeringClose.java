package dev.rr.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes in two steps: ends the sending side once everything written is sent, then drops what still
 * comes for a moment, unless the client has ended its side as well. Closing at once would answer
 * unread bytes with a reset, which destroys the last answer on its way. A client that takes nothing
 * is its connection's own business, which has a {@link Stall} for it: a second close closes at
 * once. For pipelines whose codec closes by itself; a connection that is its own handler and knows
 * what it has read needs none between itself and its bytes. On its connection's loop only.
 */
public final class LingeringClose extends ChannelDuplexHandler {
  /** How long is still read, so that the answer is not lost in a reset. */
  public static final Duration LINGER = Duration.ofMillis(500);

  private boolean closing;

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (closing || !(context.channel() instanceof DuplexChannel duplex) || !duplex.isActive()) {
      context.close(promise);
      return;
    }
    closing = true;
    context.channel().config().setAutoRead(true);
    // Ending the sending side drops what the channel still has to send, so that goes first.
    context
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(sent -> {
          duplex.shutdownOutput();
          if (duplex.isInputShutdown()) {
            // Nothing can come any more.
            context.close(promise);
          } else {
            closeSoon(context, promise);
          }
        });
  }

  private static void closeSoon(ChannelHandlerContext context, ChannelPromise promise) {
    var unused =
        context
            .executor()
            .schedule(() -> context.close(promise), LINGER.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (closing) {
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }
}
