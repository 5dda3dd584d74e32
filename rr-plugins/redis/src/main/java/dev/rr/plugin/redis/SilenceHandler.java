package dev.rr.plugin.redis;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection over which something was sent and nothing has come since, for too long: the
 * other side, or the way to it, is gone without a word, which TCP notices after a quarter of an
 * hour. Of the connection's loop.
 */
final class SilenceHandler extends ChannelDuplexHandler {
  private final long longest;

  /** When the first was sent that nothing has come after. */
  private long asked;

  private boolean waiting;
  private boolean watching;

  SilenceHandler(Duration longest) {
    this.longest = longest.toNanos();
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (!waiting) {
      waiting = true;
      asked = System.nanoTime();
      if (!watching) {
        watching = true;
        watch(context, longest);
      }
    }
    context.write(message, promise);
  }

  private void watch(ChannelHandlerContext context, long nanos) {
    var _ = context.executor().schedule(() -> look(context), nanos, TimeUnit.NANOSECONDS);
  }

  private void look(ChannelHandlerContext context) {
    watching = waiting && context.channel().isActive();
    if (!watching) {
      return;
    }
    long left = longest - (System.nanoTime() - asked);
    if (left > 0) {
      watch(context, left);
    } else {
      context.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    waiting = false;
    context.fireChannelRead(message);
  }
}
