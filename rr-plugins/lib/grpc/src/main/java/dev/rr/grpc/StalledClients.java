package dev.rr.grpc;

import dev.rr.api.log.Log;
import dev.rr.netty.EventLoops;
import dev.rr.netty.Stall;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the calls of clients that take nothing of an answer. The library keeps an answer until it is
 * taken, however long that is, and a few clients without windows would hold the memory of all
 * calls. Sees each connection as it is accepted, and looks at it on its loop.
 */
@ChannelHandler.Sharable
final class StalledClients extends ChannelInboundHandlerAdapter {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** While much of the memory is taken. */
  private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(2);

  private static final long TICK_MILLIS = 500;

  private final CallMemory memory;
  private final Log log;
  private final Map<Channel, Connection> connections = new ConcurrentHashMap<>();

  StalledClients(CallMemory memory, Log log) {
    this.memory = memory;
    this.log = log;
  }

  /** Listening channels whose connections are watched. */
  ChannelFactory<ServerChannel> listening(Class<? extends ServerChannel> type) {
    ReflectiveChannelFactory<? extends ServerChannel> channels =
        new ReflectiveChannelFactory<>(type);
    return () -> {
      ServerChannel listening = channels.newChannel();
      listening.pipeline().addLast(this);
      return listening;
    };
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    Channel channel = (Channel) accepted;
    connections.put(channel, new Connection(channel));
    channel.closeFuture().addListener(closed -> connections.remove(channel));
    context.fireChannelRead(accepted);
  }

  /** Looks at them from now on, until the loops end. */
  void watch(EventLoops loops) {
    for (EventLoop loop : loops) {
      var unused =
          loop.scheduleAtFixedRate(
              () -> look(loop), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void look(EventLoop loop) {
    long now = System.nanoTime();
    Duration limit = memory.isTight() ? LITTLE_PATIENCE : PATIENCE;
    for (Connection connection : connections.values()) {
      if (connection.isOn(loop)) {
        try {
          connection.look(now, limit);
        } catch (Http2Exception | RuntimeException e) {
          log.log(Log.Level.ERROR, "a connection could not be looked at", e);
        }
      }
    }
  }

  /** When an answer began to wait, with what was left of its window; another window is a move. */
  private record Wait(long since, int window) {}

  /** One connection. On its loop. */
  private static final class Connection {
    private final Channel channel;
    private final Stall socket = new Stall();
    private Http2Connection.@Nullable PropertyKey waits;

    Connection(Channel channel) {
      this.channel = channel;
    }

    boolean isOn(EventLoop loop) {
      return channel.isRegistered() && channel.eventLoop() == loop;
    }

    void look(long now, Duration limit) throws Http2Exception {
      if (socket.lasts(channel, 0, now, limit)) {
        // Past the library, which would say good-bye first and wait for the calls.
        channel.pipeline().firstContext().close();
        return;
      }
      Http2ConnectionHandler handler = channel.pipeline().get(Http2ConnectionHandler.class);
      if (handler == null) {
        // TLS is not there yet.
        return;
      }
      Http2Connection.PropertyKey key = waits == null ? begin(handler) : waits;
      Http2RemoteFlowController flow = handler.encoder().flowController();
      List<Http2Stream> late = new ArrayList<>(0);
      handler
          .connection()
          .forEachActiveStream(stream -> {
            if (!flow.hasFlowControlled(stream)) {
              stream.removeProperty(key);
              return true;
            }
            Wait wait = stream.getProperty(key);
            int window = flow.windowSize(stream);
            if (wait == null || wait.window != window) {
              stream.setProperty(key, new Wait(now, window));
            } else if (now - wait.since > limit.toNanos()) {
              late.add(stream);
            }
            return true;
          });
      late.forEach(stream -> reset(handler, stream));
    }

    /** A window that is opened and used up at once looks as before, so openings are moves. */
    private Http2Connection.PropertyKey begin(Http2ConnectionHandler handler) {
      Http2Connection connection = handler.connection();
      Http2Connection.PropertyKey key = connection.newKey();
      Http2ConnectionDecoder decoder = handler.decoder();
      decoder.frameListener(
          new Http2FrameListenerDecorator(decoder.frameListener()) {
            @Override
            public void onWindowUpdateRead(ChannelHandlerContext context, int id, int more)
                throws Http2Exception {
              Http2Stream stream = connection.stream(id);
              if (stream != null) {
                stream.removeProperty(key);
              }
              super.onWindowUpdateRead(context, id, more);
            }
          });
      waits = key;
      return key;
    }

    private void reset(Http2ConnectionHandler handler, Http2Stream stream) {
      ChannelHandlerContext context = channel.pipeline().context(handler);
      // As an error of the stream, so that the library ends the call as well.
      handler.onError(
          context,
          true,
          Http2Exception.streamError(
              stream.id(), Http2Error.ENHANCE_YOUR_CALM, "the client takes nothing of an answer"));
      context.flush();
    }
  }
}
