package dev.rr.plugin.http.http1;

import dev.rr.api.http.HttpUpgrade;
import dev.rr.api.log.Log;
import dev.rr.plugin.http.connection.Endpoint;
import dev.rr.plugin.http.connection.Loop;
import dev.rr.plugin.http.connection.RawConnection;
import dev.rr.plugin.http.connection.UpgradeWire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has left HTTP: hands what arrives to its receiver. Of HTTP's deadlines only one
 * is left, for a client that takes nothing of what waits for it. On its loop only.
 */
final class UpgradedConnection extends RawConnection implements UpgradeWire.Line {
  private final HttpUpgrade.Receiver receiver;
  private final UpgradeWire wire;

  /** What arrived and the receiver has yet to take. */
  private final Http1Input in = new Http1Input();

  private boolean paused;

  /** Whether the client has left. */
  private boolean inactive;

  /** Whether the receiver was told the end. */
  private boolean told;

  /** Whether nothing more is to be sent. */
  private boolean ended;

  private @Nullable Throwable cause;

  UpgradedConnection(Loop loop, Endpoint endpoint, HttpUpgrade.Receiver receiver) {
    super(loop, endpoint);
    this.receiver = receiver;
    this.wire = new UpgradeWire(loop, endpoint.budget(), this);
  }

  UpgradeWire wire() {
    return wire;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    super.handlerAdded(context);
    loop.add(this);
  }

  /** Begins with what was read together with the request, or null. */
  void begin(@Nullable ByteBuf bytes) {
    if (bytes != null) {
      in.add(context().alloc(), bytes);
    }
    hand();
  }

  /** There is no connection: the client has left before, or middleware has answered. */
  void refused(Throwable why) {
    cause = why;
    inactive = true;
    ended = true;
    tell();
  }

  // What arrives.

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (told || ended) {
      bytes.release();
      return;
    }
    in.add(context.alloc(), bytes);
    hand();
  }

  @Override
  public void resume() {
    paused = false;
    hand();
  }

  /** Hands over what is there, unless the receiver wants to wait: then the client is held up. */
  private void hand() {
    while (!paused && !told) {
      ByteBuf bytes = in.take();
      if (bytes == null) {
        break;
      }
      try {
        paused = !receiver.received(bytes.nioBuffer());
      } catch (RuntimeException e) {
        exceptionCaught(context(), e);
        tell();
      } finally {
        bytes.release();
      }
    }
    if (inactive && in.isEmpty()) {
      tell();
    }
    if (!ended && !inactive) {
      context().channel().config().setAutoRead(!paused);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    cause = failure;
    super.exceptionCaught(context, failure);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    inactive = true;
    hand();
    if (told) {
      loop.remove(this);
    }
  }

  private void tell() {
    if (inactive) {
      loop.remove(this);
    }
    if (told) {
      return;
    }
    told = true;
    in.release();
    try {
      receiver.closed(cause);
    } catch (RuntimeException e) {
      loop.log().log(Log.Level.ERROR, "internal server error", e, "message", e.toString());
    }
  }

  // What is sent.

  @Override
  public void send(ByteBuffer bytes, Runnable sent) {
    if (ended) {
      sent.run();
      return;
    }
    context().writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener(done -> sent.run());
  }

  @Override
  public boolean isOver() {
    return ended || cause != null;
  }

  @Override
  public void cut(Throwable why) {
    cause = why;
    context().close();
  }

  @Override
  public void end() {
    if (ended) {
      return;
    }
    ended = true;
    in.release();
    if (inactive) {
      tell();
    } else {
      finish(false);
    }
  }

  @Override
  protected long waiting() {
    // Each write takes its bytes from the budget by itself.
    return 0;
  }

  @Override
  protected void giveUp() {
    cause = new IOException("the client takes nothing");
    super.giveUp();
  }

  @Override
  protected void checkRequests(long now) {
    // How long the other side may be silent is the protocol's to know.
  }

  @Override
  protected void drain() {
    tell();
    // Behind what the receiver has just written: its last words.
    wire.close();
  }
}
