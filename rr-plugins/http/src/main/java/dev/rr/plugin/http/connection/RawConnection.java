package dev.rr.plugin.http.connection;

import dev.rr.api.log.Log;
import dev.rr.http.Backlog;
import dev.rr.netty.LingeringClose;
import dev.rr.netty.Stall;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose bytes go to one protocol without a codec between: how it is found stalled, and
 * how it ends. Every method is called on the connection's event loop. Lost connections are logged
 * at debug and closed, not thrown.
 */
public abstract class RawConnection extends Loop.Connection {
  protected final Loop loop;
  protected final Endpoint endpoint;
  private final Stall stall = new Stall();
  private final Backlog backlog;
  private @Nullable ChannelHandlerContext ctx;
  private boolean lingering;
  private long lingersSince;

  /**
   * Not connected yet.
   *
   * @param loop the loop that alone calls this
   */
  protected RawConnection(Loop loop, Endpoint endpoint) {
    this.loop = loop;
    this.endpoint = endpoint;
    this.backlog = new Backlog(endpoint.budget());
  }

  /**
   * Where bytes are written; never null.
   *
   * @throws IllegalStateException before the channel is connected
   */
  public final ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException("not connected");
    }
    return ctx;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      loop.log().log(Log.Level.DEBUG, "connection lost", cause);
    } else {
      loop.log().log(Log.Level.ERROR, "internal server error", cause, "message", cause.toString());
    }
    context.close();
  }

  /**
   * Closes once everything is sent.
   *
   * @param clean whether everything the client sent was read; otherwise the connection is read from
   *     for a moment more: bytes left would turn the close into a reset that destroys the answer
   */
  protected final void finish(boolean clean) {
    ChannelHandlerContext context = context();
    lingering = true;
    lingersSince = System.nanoTime();
    if (clean) {
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    context.channel().config().setAutoRead(true);
    context
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(done -> {
          if (context.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
          }
        });
  }

  /** Counts {@link #waiting}; called when it has changed. */
  public final void count() {
    backlog.set(waiting());
  }

  /** Counts no more, since somebody else has the connection now. */
  protected final void countNothing() {
    backlog.set(0);
  }

  /** Bytes that wait for the client and are not counted elsewhere. */
  protected long waiting() {
    ChannelOutboundBuffer queue = context().channel().unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  @Override
  protected final void check(long now) {
    ChannelHandlerContext context = context();
    count();
    if (stall.lasts(
        context.channel(), uncounted(), now, backlog.stallTimeout(endpoint.timeouts().write()))) {
      loop.log().debug("client does not read its answer, connection closed");
      giveUp();
    } else if (!lingering) {
      checkRequests(now);
    } else if (now - lingersSince > LingeringClose.LINGER.toNanos() && !stall.waits()) {
      context.close();
    }
  }

  /** Closes on a client that takes nothing. */
  protected void giveUp() {
    context().close();
  }

  /** Bytes in the channel's queue that it does not count itself. */
  protected long uncounted() {
    return 0;
  }

  /** Whether the client has yet to read what was sent, as far as is known. */
  protected final boolean unread() {
    return stall.waits();
  }

  /**
   * Ends requests that have taken too long, and a connection that waits too long for one.
   *
   * @param now nanoseconds, as {@link System#nanoTime}
   */
  protected abstract void checkRequests(long now);
}
