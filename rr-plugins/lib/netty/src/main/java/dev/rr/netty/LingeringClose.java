package dev.rr.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes in two steps: ends the sending side, then drops what still comes for a moment. Closing at
 * once would answer unread bytes with a reset, which destroys the last answer on its way. For
 * pipelines whose codec closes by itself; a connection that is its own handler and knows what it
 * has read needs none between itself and its bytes. On its connection's loop only.
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
    context.flush();
    duplex.shutdownOutput();
    context.channel().config().setAutoRead(true);
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
