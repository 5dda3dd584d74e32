package dev.rr.plugin.rpc;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.EssentialThreads;
import dev.rr.api.trace.Tracer;
import dev.rr.net.UnixSocketFile;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The listener and its connections. Started and stopped by one thread; owns its event loops. */
final class RpcServer {
  /** Clients that may wait to be accepted. */
  private static final int BACKLOG = 1_024;

  private final @Nullable UnixSocketFile file;
  private final EventLoopGroup loops;
  private final AtomicBoolean stopping;
  private final ChannelGroup connections;
  private final Budget budget;
  private final Channel listener;

  private RpcServer(
      @Nullable UnixSocketFile file,
      EventLoopGroup loops,
      AtomicBoolean stopping,
      ChannelGroup connections,
      Budget budget,
      Channel listener) {
    this.file = file;
    this.loops = loops;
    this.stopping = stopping;
    this.connections = connections;
    this.budget = budget;
    this.listener = listener;
  }

  /**
   * Listens.
   *
   * @throws IOException says why that is impossible; nothing is left behind then
   */
  static RpcServer start(
      SocketAddress address, Dispatcher dispatcher, Limits limits, @Nullable Tracer tracer, Log log)
      throws IOException, InterruptedException {
    boolean epoll = Epoll.isAvailable();
    Path path = address instanceof UnixDomainSocketAddress unix ? unix.getPath() : null;
    UnixSocketFile file = path == null ? null : UnixSocketFile.makeWay(path);
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    AtomicBoolean stopping = new AtomicBoolean();
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            threads(),
            EssentialThreads.untilStopped(new DefaultThreadFactory("rr-rpc", true), stopping::get),
            io);
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    Budget budget = new Budget(limits.budget());
    Map<EventLoop, CallRunner> runners = new ConcurrentHashMap<>();
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(channelType(path != null, epoll))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.add(channel);
                    if (path == null) {
                      channel.config().setOption(ChannelOption.TCP_NODELAY, true);
                      channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
                    }
                    channel
                        .pipeline()
                        .addLast(
                            new Connection(
                                channel,
                                runners.computeIfAbsent(channel.eventLoop(), CallRunner::new),
                                dispatcher,
                                limits,
                                budget,
                                tracer,
                                log));
                  }
                })
            .bind(path != null && epoll ? new DomainSocketAddress(path.toFile()) : address)
            .await();
    if (!bound.isSuccess()) {
      stopping.set(true);
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw bound.cause() instanceof IOException known ? known : new IOException(bound.cause());
    }
    if (file != null) {
      file.bound();
    }
    return new RpcServer(file, loops, stopping, connections, budget, bound.channel());
  }

  private static int threads() {
    return Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
  }

  private static Class<? extends ServerChannel> channelType(boolean unix, boolean epoll) {
    if (unix) {
      return epoll ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
    }
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** The port in use; 0 for a unix socket. */
  int port() {
    return listener.localAddress() instanceof InetSocketAddress tcp ? tcp.getPort() : 0;
  }

  /** Bytes that all calls take now. */
  long taken() {
    return budget.taken();
  }

  /** Connections that are open. */
  int connections() {
    return connections.size();
  }

  /**
   * Closes the listener, lets running calls be answered until the deadline, then closes everything.
   */
  void stop(Deadline deadline) throws IOException, InterruptedException {
    if (loops.isShuttingDown()) {
      return;
    }
    listener.close().await(deadline.remaining().toMillis());
    for (Channel channel : connections) {
      Connection connection = channel.pipeline().get(Connection.class);
      if (connection != null) {
        channel.eventLoop().execute(connection::drain);
      }
    }
    connections.newCloseFuture().await(deadline.remaining().toMillis());
    connections.close();
    stopping.set(true);
    loops
        .shutdownGracefully(0, deadline.remaining().toMillis(), TimeUnit.MILLISECONDS)
        .await(deadline.remaining().toMillis());
    if (file != null) {
      file.delete();
    }
  }
}
