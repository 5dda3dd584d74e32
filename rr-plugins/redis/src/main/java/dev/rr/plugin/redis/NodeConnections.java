package dev.rr.plugin.redis;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.time.Duration;

/**
 * What connections to several nodes have, which the library makes and keeps by itself. Commands of
 * theirs are flushed one by one, since those that a node sends on to another are written when
 * nobody knows of it any more; many flushes become one here.
 *
 * @param silence how long a node may owe an answer before it is dialed again
 */
record NodeConnections(Duration silence) implements NettyCustomizer {
  @Override
  public void afterChannelInitialized(Channel channel) {
    channel
        .pipeline()
        .addFirst(
            new FlushConsolidationHandler(
                FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true),
            new SilenceHandler(silence));
  }
}
