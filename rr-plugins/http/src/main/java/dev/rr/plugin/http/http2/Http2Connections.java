package dev.rr.plugin.http.http2;

import dev.rr.http.HeaderNames;
import dev.rr.plugin.http.connection.Endpoint;
import dev.rr.plugin.http.connection.LingeringClose;
import dev.rr.plugin.http.connection.Loop;
import dev.rr.plugin.http.connection.Stall;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;

/** Connections that speak HTTP/2. */
public final class Http2Connections {
  private Http2Connections() {}

  /** Makes a pipeline speak HTTP/2 from now on. */
  public static void begin(ChannelPipeline pipeline, Loop loop, Endpoint endpoint) {
    pipeline.addFirst(new LingeringClose());
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(endpoint.maxStreams())
                    .maxHeaderListSize(HeaderNames.MAX_SIZE)
                    .initialWindowSize(1024 * 1024))
            .build();
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
    pipeline.addLast(new Watch(loop, endpoint, codec, guard));
  }

  /** Ends connections that are idle, and swallows what no stream wants. */
  private static final class Watch extends Loop.Connection {
    private final Loop loop;
    private final Endpoint endpoint;
    private final Http2FrameCodec codec;
    private final Http2Guard guard;
    private @org.jspecify.annotations.Nullable ChannelHandlerContext ctx;
    private long idleSince = System.nanoTime();
    private final Stall stall = new Stall();

    Watch(Loop loop, Endpoint endpoint, Http2FrameCodec codec, Http2Guard guard) {
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
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      loop.log().log(
          dev.rr.api.log.Log.Level.DEBUG,
          cause instanceof IOException ? "connection lost" : "HTTP/2 connection ended",
          cause);
      if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
        context.close();
      }
      // Otherwise the codec is about to say goodbye with the code that fits, and closes then.
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
      if (stall.lasts(context.channel(), 0, now, endpoint.timeouts().write())) {
        // A polite goodbye would wait in the same queue.
        var unused = context.channel().unsafe();
        unused.close(context.voidPromise());
      }
    }

    @Override
    protected void drain() {
      if (ctx != null) {
        // Says goodbye, and closes once the running streams have ended.
        ctx.close();
      }
    }
  }
}
