package dev.rr.plugin.http;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.EssentialThreads;
import dev.rr.net.UnixSocketFile;
import dev.rr.plugin.http.connection.Loop;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
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
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The event loops, the sockets that listen, and the connections they took. Methods are called by
 * the plugin's thread; each connection belongs to one loop from its first byte to its last.
 */
final class Listeners {
  private static final int BACKLOG = 4096;

  /** How long nothing is accepted after a failure. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 * 1024, 256 * 1024);

  private final boolean epoll = Epoll.isAvailable();
  private final Log log;
  private final int maxConnections;
  private final MultiThreadIoEventLoopGroup group;
  private final Map<EventLoop, Loop> loops = new IdentityHashMap<>();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<Channel> listening = new CopyOnWriteArrayList<>();
  private final List<UnixSocketFile> socketFiles = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean closing;
  private final AtomicLong lastFailure = new AtomicLong(System.nanoTime() - RETRY.toNanos());

  /** Starts {@code threads} loops. */
  Listeners(int threads, int maxConnections, long tickMillis, Log log) {
    this.log = log;
    this.maxConnections = maxConnections;
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.group =
        new MultiThreadIoEventLoopGroup(
            threads,
            EssentialThreads.untilStopped(
                new DefaultThreadFactory("http-loop", false), () -> closing),
            handlers);
    for (EventExecutor executor : group) {
      EventLoop eventLoop = (EventLoop) executor;
      loops.put(eventLoop, new Loop(eventLoop, log, tickMillis));
    }
  }

  /**
   * Listens.
   *
   * @param key the key path, for messages
   * @param begin sets up each connection
   * @return the addresses bound, several when a name stands for several
   */
  List<SocketAddress> listen(
      String key, ListenAddress address, Path workDirectory, BiConsumer<Channel, Loop> begin)
      throws IOException {
    List<SocketAddress> bound = new ArrayList<>();
    int port = address.port();
    for (SocketAddress one : address.resolve(workDirectory)) {
      SocketAddress wanted = one;
      if (port == 0 && !bound.isEmpty() && one instanceof InetSocketAddress inet) {
        // Any free port, but the same for every address of the name.
        wanted =
            new InetSocketAddress(
                inet.getAddress(), ((InetSocketAddress) bound.getFirst()).getPort());
      }
      try {
        bound.add(bind(wanted, begin));
      } catch (IOException e) {
        throw new IOException(key + ": cannot listen on " + address.text() + ": " + reason(e), e);
      }
    }
    return bound;
  }

  private static String reason(IOException e) {
    String text = String.valueOf(e.getMessage());
    return text.contains("in use")
        ? "the address is in use by another program"
        : text.contains("ermission") ? "permission denied (ports below 1024 need it)" : text;
  }

  private SocketAddress bind(SocketAddress address, BiConsumer<Channel, Loop> begin)
      throws IOException {
    boolean unix = address instanceof UnixDomainSocketAddress;
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(channelType(unix))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .handler(new Gate())
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, begin);
                  }
                });
    SocketAddress target = address;
    @Nullable UnixSocketFile socketFile = null;
    if (address instanceof UnixDomainSocketAddress file) {
      socketFile = UnixSocketFile.makeWay(file.getPath());
      target = epoll ? new DomainSocketAddress(file.getPath().toString()) : address;
    } else {
      bootstrap
          .option(ChannelOption.SO_REUSEADDR, true)
          .childOption(ChannelOption.TCP_NODELAY, true);
    }
    if (maxConnections > 0) {
      // One at a time, or a burst would run past the limit.
      bootstrap.option(ChannelOption.MAX_MESSAGES_PER_READ, 1);
    }
    ChannelFuture future = bootstrap.bind(target).awaitUninterruptibly();
    if (!future.isSuccess()) {
      throw future.cause() instanceof IOException io ? io : new IOException(future.cause());
    }
    listening.add(future.channel());
    if (socketFile != null) {
      socketFile.bound();
      socketFiles.add(socketFile);
    }
    return future.channel().localAddress();
  }

  private Class<? extends ServerChannel> channelType(boolean unix) {
    if (unix) {
      return epoll ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
    }
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  private void accept(Channel channel, BiConsumer<Channel, Loop> begin) {
    connections.add(channel);
    Loop loop = loops.get(channel.eventLoop());
    if (loop == null) {
      throw new IllegalStateException("a connection on a loop that is not ours");
    }
    begin.accept(channel, loop);
  }

  /**
   * Stops accepting while the limit is reached, and for a moment after a failure; who comes then
   * waits in the kernel's queue.
   */
  final class Gate extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.channel().config().setAutoRead(false);
      var unused =
          context.executor().schedule(Listeners.this::goOn, RETRY.toNanos(), TimeUnit.NANOSECONDS);
      long now = System.nanoTime();
      long last = lastFailure.get();
      if (now - last >= RETRY.toNanos() && lastFailure.compareAndSet(last, now)) {
        tell(cause);
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      if (maxConnections == 0) {
        context.fireChannelRead(accepted);
        return;
      }
      if (open.incrementAndGet() >= maxConnections) {
        accepting(false);
      }
      ((Channel) accepted).closeFuture().addListener(closed -> leave());
      context.fireChannelRead(accepted);
    }
  }

  /** Counts a connection of another transport; false when there are as many as may be. */
  boolean enter() {
    if (maxConnections == 0) {
      return true;
    }
    int before = open.getAndUpdate(count -> Math.max(count, Math.min(count + 1, maxConnections)));
    if (before == maxConnections - 1) {
      accepting(false);
    }
    return before < maxConnections;
  }

  /** A connection that was counted is no more. */
  void leave() {
    if (maxConnections > 0) {
      open.decrementAndGet();
      goOn();
    }
  }

  /** A single line, and not another one for a while. */
  private void tell(Throwable cause) {
    String reason = String.valueOf(cause.getMessage());
    if (reason.contains("Too many open files")) {
      log.error(
          "new connections have to wait: the limit of open files is reached; raise it (ulimit -n,"
              + " LimitNOFILE=) or set http.max_connections below it",
          "connections",
          connections.size());
    } else {
      log.error("a connection could not be accepted", "error", reason);
    }
  }

  private void goOn() {
    if (maxConnections == 0 || open.get() < maxConnections) {
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

  /**
   * Takes no more connections, lets running requests end until the deadline, then closes
   * everything.
   */
  void stop(Deadline deadline) throws InterruptedException {
    if (group.isShuttingDown()) {
      return;
    }
    for (Channel channel : listening) {
      channel.close().await(deadline.remaining().toMillis());
    }
    for (Loop loop : loops.values()) {
      loop.execute(loop::drainConnections);
    }
    // A new group's future would be done at once, this one is done when the last has gone.
    connections.newCloseFuture().await(Math.max(1, deadline.remaining().toMillis()));
    if (!connections.isEmpty()) {
      log.warn(
          "requests were cut off at the end of the grace period",
          "connections",
          connections.size());
    }
    close(Math.max(500, deadline.remaining().toMillis()));
  }

  /** Closes everything at once. */
  void close(long waitMillis) throws InterruptedException {
    for (Channel channel : listening) {
      channel.close().await(waitMillis);
    }
    connections.close().await(waitMillis);
    for (UnixSocketFile file : socketFiles) {
      try {
        file.delete();
      } catch (IOException e) {
        log.warn("the socket's file stays: " + e.getMessage());
      }
    }
    closing = true;
    group.shutdownGracefully(0, waitMillis, TimeUnit.MILLISECONDS).await(waitMillis);
  }
}
