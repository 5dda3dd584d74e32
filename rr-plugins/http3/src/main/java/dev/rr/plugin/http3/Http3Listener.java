package dev.rr.plugin.http3;

import dev.rr.api.http.HttpChain;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.tls.Identity;
import dev.rr.http.HeaderNames;
import dev.rr.netty.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The UDP socket, its loop and the connections on it. Methods are called by the plugin's thread,
 * {@link #accept} on the loop.
 */
final class Http3Listener {
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);
  private static final long MAX_STREAMS = 128;
  private static final long STREAM_WINDOW = 1024 * 1024;
  private static final long CONNECTION_WINDOW = 8 * STREAM_WINDOW;
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 * 1024, 256 * 1024);

  /** The stream id behind the last request of a connection. */
  private static final AttributeKey<Long> NEXT_ID = AttributeKey.valueOf("rr.http3.next");

  private final HttpHandler chain;
  private final HttpChain.Limits limits;
  private final MemoryBudget budget;
  private final Log log;
  private final UnvalidatedAddresses addresses = new UnvalidatedAddresses();
  private final Handshakes handshakes;
  private final EventLoops loops = EventLoops.nio("http3-loop", 1);
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ChannelGroup streams = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private volatile @Nullable QuicSslContext tls;
  private volatile boolean draining;
  private @Nullable Channel socket;

  Http3Listener(HttpChain http, Log log) {
    this(http, HANDSHAKE, log);
  }

  /**
   * A listener.
   *
   * @param handshake how long a connection may take to begin
   */
  Http3Listener(HttpChain http, Duration handshake, Log log) {
    this.chain = http.handler();
    this.limits = http.limits();
    this.handshakes = new Handshakes(http, addresses, handshake);
    this.budget = http.budget();
    this.log = log;
  }

  /**
   * Shows this to connections from now on; before {@link #listen} for the first time. Any thread.
   */
  void show(Identity identity) {
    tls =
        QuicSslContextBuilder.forServer(
                identity.key(), null, identity.chain().toArray(X509Certificate[]::new))
            .applicationProtocols(Http3.supportedApplicationProtocols())
            .build();
  }

  void listen(InetSocketAddress address) throws IOException {
    ChannelHandler codec =
        Http3.newQuicServerCodecBuilder()
            .tokenHandler(new RetryTokens(handshakes::many, System::nanoTime))
            .sslEngineProvider(this::begin)
            .maxIdleTimeout(limits.idle().toMillis(), TimeUnit.MILLISECONDS)
            .initialMaxData(CONNECTION_WINDOW)
            .initialMaxStreamDataBidirectionalLocal(STREAM_WINDOW)
            .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW)
            .initialMaxStreamsBidirectional(MAX_STREAMS)
            .streamOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .handler(
                new ChannelInitializer<QuicChannel>() {
                  @Override
                  protected void initChannel(QuicChannel connection) {
                    connections.add(connection);
                    connection.pipeline().addLast(connectionHandler());
                  }
                })
            .build();
    ChannelFuture future =
        new Bootstrap()
            .group(loops.group())
            .channel(NioDatagramChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel udp) {
                    udp.pipeline().addLast(addresses, codec);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!future.isSuccess()) {
      throw future.cause() instanceof IOException io ? io : new IOException(future.cause());
    }
    socket = future.channel();
    loops.watch(() -> !connections.isEmpty(), log);
  }

  private QuicSslEngine begin(QuicChannel connection) {
    QuicSslContext now = tls;
    if (now == null) {
      throw new IllegalStateException("nothing to show");
    }
    handshakes.take(connection);
    return now.newEngine(connection.alloc());
  }

  private ChannelHandler connectionHandler() {
    Http3Settings settings =
        Http3Settings.defaultSettings()
            .maxFieldSectionSize(HeaderNames.MAX_SIZE)
            .qpackMaxTableCapacity(0);
    return new Http3ServerConnectionHandler(
        new ChannelInitializer<QuicStreamChannel>() {
          @Override
          protected void initChannel(QuicStreamChannel stream) {
            accept(stream);
          }
        },
        null,
        null,
        new DefaultHttp3SettingsFrame(settings),
        true);
  }

  private void accept(QuicStreamChannel stream) {
    if (draining) {
      stream.shutdown(Http3ErrorCode.H3_REQUEST_REJECTED.code());
      return;
    }
    stream.parent().attr(NEXT_ID).set(stream.streamId() + 4);
    streams.add(stream);
    stream.pipeline().addLast(new Http3Stream(chain, limits, budget, log));
  }

  /** Connections that are open or begin. */
  int connections() {
    return connections.size();
  }

  InetSocketAddress bound() {
    if (socket == null) {
      throw new IllegalStateException("not listening");
    }
    return (InetSocketAddress) socket.localAddress();
  }

  /** Sends GOAWAY, lets running requests end until the deadline, then closes everything. */
  void stop(Deadline deadline) throws InterruptedException {
    if (loops.isStopping()) {
      return;
    }
    draining = true;
    loops
        .group()
        .submit(() -> connections.forEach(Http3Listener::goAway))
        .await(Math.max(1, deadline.remaining().toMillis()));
    streams.newCloseFuture().await(Math.max(1, deadline.remaining().toMillis()));
    if (!streams.isEmpty()) {
      log.warn("requests were cut off at the end of the grace period", "streams", streams.size());
    }
    long wait = Math.max(500, deadline.remaining().toMillis());
    for (Channel connection : connections) {
      ((QuicChannel) connection)
          .close(true, Http3ErrorCode.H3_NO_ERROR.code(), Unpooled.EMPTY_BUFFER);
    }
    connections.newCloseFuture().await(Math.min(wait, 500));
    if (socket != null) {
      socket.close().await(wait);
    }
    loops.stop(wait);
  }

  /** Tells a client which of its requests are still answered. */
  private static void goAway(Channel connection) {
    QuicStreamChannel control = Http3.getLocalControlStream(connection);
    Long next = connection.attr(NEXT_ID).get();
    if (control != null) {
      var unused = control.writeAndFlush(new DefaultHttp3GoAwayFrame(next == null ? 0 : next));
    }
  }
}
