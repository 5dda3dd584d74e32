package dev.rr.plugin.http.http2;

import dev.rr.api.log.Log;
import dev.rr.http.HeaderNames;
import dev.rr.netty.LingeringClose;
import dev.rr.netty.Stall;
import dev.rr.plugin.http.connection.Endpoint;
import dev.rr.plugin.http.connection.Loop;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Connections that speak HTTP/2 (RFC 9113). Netty's frame codec knows the frames, the header
 * compression and the windows; its multiplexer gives every stream a channel of its own, which is
 * where an {@link Http2Stream} sits. On the loop of the connection, streams included.
 *
 * <pre>
 *   socket ─ [TLS] ─ Http2Guard ─ Http2FrameCodec ─ Http2MultiplexHandler ─ Watchdog
 *                                                          └─ a channel a stream ─ Http2Stream
 * </pre>
 *
 * <p>{@link LingeringClose} is the first of all, so that a GOAWAY frame reaches its client before
 * the socket is closed.
 */
public final class Http2Connections {
  private Http2Connections() {}

  /**
   * Makes a pipeline speak HTTP/2 from now on: after TLS has negotiated it, or because a plain
   * connection began with its preface. On its loop.
   */
  public static void begin(ChannelPipeline pipeline, Loop loop, Endpoint endpoint) {
    pipeline.addFirst(new LingeringClose());
    Http2Settings settings =
        Http2Settings.defaultSettings()
            .maxConcurrentStreams(endpoint.maxStreams())
            // For each stream: enough for an upload over a long way, and no more waits in memory
            // for a reader that is behind.
            .initialWindowSize(1024 * 1024);
    if (endpoint.upgrades()) {
      settings.connectProtocolEnabled(true);
    }
    // The same bound as for HTTP/1; the codec refuses what is larger.
    Http2FrameCodec codec = new Http2Codec(settings, HeaderNames.MAX_SIZE).build();
    Http2Guard guard = new Http2Guard(codec);
    pipeline.addLast(guard);
    pipeline.addLast(codec);
    pipeline.addLast(
        new Http2MultiplexHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new Http2Stream(loop, endpoint, codec));
              }
            }));
    pipeline.addLast(new Watchdog(loop, endpoint, codec, guard));
  }

  /**
   * Ends connections that are idle, slow or stalled, and swallows what no stream wants. What one
   * stream has waiting is the business of {@link Http2Stream}; here it is the socket.
   */
  private static final class Watchdog extends Loop.Connection {
    private final Loop loop;
    private final Endpoint endpoint;
    private final Http2FrameCodec codec;
    private final Http2Guard guard;
    private final Stall stall = new Stall();
    private @Nullable ChannelHandlerContext ctx;

    /** When a stream was last open. */
    private long idleSince = System.nanoTime();

    Watchdog(Loop loop, Endpoint endpoint, Http2FrameCodec codec, Http2Guard guard) {
      this.loop = loop;
      this.endpoint = endpoint;
      this.codec = codec;
      this.guard = guard;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      ctx = context;
      loop.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      loop.remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      // Settings, pings and the like: the codec has answered them, or they need no answer.
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      loop.log().log(
          Log.Level.DEBUG,
          cause instanceof IOException ? "connection lost" : "HTTP/2 connection ended",
          cause);
      if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
        context.close();
      }
      // Otherwise the codec is about to send GOAWAY with the code that fits, and closes then.
    }

    @Override
    protected void check(long now) {
      ChannelHandlerContext context = ctx;
      if (context == null) {
        return;
      }
      guard.check(now, endpoint.timeouts().header());
      if (codec.connection().numActiveStreams() > 0) {
        idleSince = now;
      } else if (now - idleSince > endpoint.timeouts().idle().toNanos()) {
        context.close();
      }
      // Nothing at all leaves the socket: every stream waits behind it.
      if (stall.lasts(context.channel(), 0, now, endpoint.timeouts().write())) {
        // A GOAWAY frame would wait in the same queue, so the socket is closed below the codec.
        context.channel().unsafe().close(context.voidPromise());
      }
    }

    @Override
    protected void drain() {
      if (ctx != null) {
        // The codec sends GOAWAY, and closes once the running streams have ended.
        ctx.close();
      }
    }
  }
}
