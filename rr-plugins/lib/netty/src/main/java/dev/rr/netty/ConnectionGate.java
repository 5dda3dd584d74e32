package dev.rr.netty;

import dev.rr.api.log.Log;
import dev.rr.api.log.OncePerSecond;
import dev.rr.net.OpenFiles;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Stands in every listening socket of a server and stops them all from accepting while the limit of
 * connections is reached, and for a moment after a failure; who comes then waits in the system's
 * queue. Any thread.
 */
@Sharable
final class ConnectionGate extends ChannelInboundHandlerAdapter {
  /** How long nothing is accepted after a failure, and no second line about it is written. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final int limit;
  private final String limitKey;
  private final List<Channel> listening;
  private final IntSupplier connections;
  private final Log log;
  private final AtomicInteger open = new AtomicInteger();
  private final OncePerSecond failures = new OncePerSecond();

  /**
   * A gate.
   *
   * @param listening the sockets, which may become more
   * @param connections how many there are
   */
  ConnectionGate(
      NettyServer.Settings settings, List<Channel> listening, IntSupplier connections, Log log) {
    this.limit = settings.maxConnections();
    this.limitKey = settings.limitKey();
    this.listening = listening;
    this.connections = connections;
    this.log = log;
  }

  boolean isLimited() {
    return limit > 0;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    if (isLimited()) {
      if (open.incrementAndGet() >= limit) {
        accepting(false);
      }
      ((Channel) accepted).closeFuture().addListener(closed -> leave());
    }
    context.fireChannelRead(accepted);
  }

  /** Accepting failed. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.channel().config().setAutoRead(false);
    var unused = context.executor().schedule(this::goOn, RETRY.toNanos(), TimeUnit.NANOSECONDS);
    if (failures.passes()) {
      tell(cause);
    }
  }

  private void tell(Throwable cause) {
    String reason = String.valueOf(cause.getMessage());
    if (reason.contains("Too many open files")) {
      log.error(
          OpenFiles.NONE_TO_ACCEPT
              + (limitKey.isEmpty() ? "" : " or set " + limitKey + " below it"),
          "connections",
          connections.getAsInt());
    } else {
      log.error("a connection could not be accepted", "error", reason);
    }
  }

  /** Counts one that no socket of the server took; false when there are as many as may be. */
  boolean enter() {
    if (!isLimited()) {
      return true;
    }
    int before = open.getAndUpdate(count -> Math.max(count, Math.min(count + 1, limit)));
    if (before == limit - 1) {
      accepting(false);
    }
    return before < limit;
  }

  /** One that was counted is no more. */
  void leave() {
    if (isLimited()) {
      open.decrementAndGet();
      goOn();
    }
  }

  private void goOn() {
    if (!isLimited() || open.get() < limit) {
      accepting(true);
    }
  }

  private void accepting(boolean now) {
    for (Channel channel : listening) {
      if (channel.eventLoop().inEventLoop()) {
        channel.config().setAutoRead(now);
      } else {
        channel.eventLoop().execute(() -> channel.config().setAutoRead(now));
      }
    }
  }
}
