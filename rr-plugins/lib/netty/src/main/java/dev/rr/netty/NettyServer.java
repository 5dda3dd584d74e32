package dev.rr.netty;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Address;
import dev.rr.net.UnixSocketFile;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Listening sockets, the connections they took, and the event loops that serve both. A plugin opens
 * one when it starts and stops it when it stops:
 *
 * <pre>{@code
 * NettyServer server = NettyServer.start("tcp-loop", log);
 * server.listen("tcp.address", address, host.workDirectory(),
 *     channel -> channel.pipeline().addLast(new TcpConnection(pool)));
 * ...
 * server.stop(deadline);
 * }</pre>
 *
 * <p>Methods are called by the plugin's thread, unless they say otherwise. A connection belongs to
 * one loop from its first byte to its last: its handlers are called there and must not block it;
 * one that does for 200 ms is named in the log. Handlers close their connection when they are done
 * with it; what they leave open is closed by {@link #stop}. When files run out, or the limit of
 * connections is reached, nothing more is accepted until there is room: clients wait in the
 * system's queue.
 */
public final class NettyServer {
  private static final int BACKLOG = 4_096;

  /** Milliseconds that closing by force may take, for alerts and frames that end a connection. */
  private static final long CLOSE_MILLIS = 500;

  private final EventLoops loops;
  private final Log log;
  private final ConnectionGate gate;
  private final ChannelGroup connections =
      new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final List<Channel> listening = new CopyOnWriteArrayList<>();
  private final List<UnixSocketFile> socketFiles = new ArrayList<>();
  private volatile boolean stopping;

  private NettyServer(Settings settings, Log log) {
    this.log = log;
    this.loops = EventLoops.start(settings.name(), settings.threads());
    this.gate = new ConnectionGate(settings, listening, connections::size, log);
    loops.watch(() -> !connections.isEmpty(), log);
  }

  /**
   * How a server differs from others.
   *
   * @param name the names of its threads begin with it
   * @param threads event loops
   * @param maxConnections open at once, of all its sockets; 0 is no limit
   * @param limitKey the key path that sets this limit, for a hint; empty when there is none
   */
  public record Settings(String name, int threads, int maxConnections, String limitKey) {
    private static final int MOST_THREADS = 4;

    /** Without a limit, on half of the processors. */
    public static Settings of(String name) {
      int threads = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_THREADS);
      return new Settings(name, threads, 0, "");
    }
  }

  /** Starts a server's loops; it listens nowhere yet. */
  public static NettyServer start(Settings settings, Log log) {
    return new NettyServer(settings, log);
  }

  /** As {@link #start(Settings, Log)} with {@link Settings#of(String)}. */
  public static NettyServer start(String name, Log log) {
    return start(Settings.of(name), log);
  }

  /** As {@link #start(String, Log)}, with so many connections at most, which a key sets. */
  public static NettyServer start(String name, int maxConnections, String limitKey, Log log) {
    return start(new Settings(name, Settings.of(name).threads(), maxConnections, limitKey), log);
  }

  /**
   * Listens on every address that a configured one stands for. A unix socket's file is taken over
   * when nobody listens on it.
   *
   * @param key the key path of the address, for messages
   * @param folder what the path of a unix socket begins at
   * @param begin sets up each connection, on its loop, before the first byte
   * @return the addresses bound
   * @throws IOException in one sentence for the user; what was bound before stays until {@link
   *     #stop}
   */
  public List<SocketAddress> listen(
      String key, Address address, Path folder, Consumer<Channel> begin) throws IOException {
    List<SocketAddress> bound = new ArrayList<>();
    try {
      for (SocketAddress one : address.resolveAll(folder)) {
        bound.add(bind(bound.isEmpty() ? one : withPortOf(bound.getFirst(), one), begin));
      }
    } catch (IOException e) {
      throw address.cannotListen(key, e);
    }
    return bound;
  }

  /** Where any free port was asked for, it is the same for every address of a name. */
  private static SocketAddress withPortOf(SocketAddress first, SocketAddress next) {
    return first instanceof InetSocketAddress bound && next instanceof InetSocketAddress wanted
        ? new InetSocketAddress(wanted.getAddress(), bound.getPort())
        : next;
  }

  private SocketAddress bind(SocketAddress address, Consumer<Channel> begin) throws IOException {
    if (address instanceof UnixDomainSocketAddress unix) {
      UnixSocketFile file = UnixSocketFile.makeWay(unix.getPath());
      SocketAddress bound = bind(bootstrap(true, begin), address);
      file.bound();
      socketFiles.add(file);
      return bound;
    }
    ServerBootstrap bootstrap =
        bootstrap(false, begin)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true);
    return bind(bootstrap, address);
  }

  private ServerBootstrap bootstrap(boolean unix, Consumer<Channel> begin) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.transport().listener(unix))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .handler(gate)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, begin);
                  }
                });
    if (gate.isLimited()) {
      // One at a time, or a burst would run past the limit.
      bootstrap.option(ChannelOption.MAX_MESSAGES_PER_READ, 1);
    }
    return bootstrap;
  }

  private SocketAddress bind(ServerBootstrap bootstrap, SocketAddress address) throws IOException {
    ChannelFuture future =
        bootstrap.bind(loops.transport().address(address)).awaitUninterruptibly();
    if (!future.isSuccess()) {
      throw future.cause() instanceof IOException known ? known : new IOException(future.cause());
    }
    listening.add(future.channel());
    return future.channel().localAddress();
  }

  private void accept(Channel channel, Consumer<Channel> begin) {
    if (stopping) {
      channel.close();
      return;
    }
    connections.add(channel);
    begin.accept(channel);
  }

  /** Its loops, for what the connections of one loop share. Any thread. */
  public EventLoops loops() {
    return loops;
  }

  /** The connections that are open now, a view. Any thread. */
  public Set<Channel> connections() {
    return Collections.unmodifiableSet(connections);
  }

  /**
   * Counts a connection of another transport towards the limit; false when there are as many as may
   * be. Any thread.
   */
  public boolean enter() {
    return gate.enter();
  }

  /** A connection for which {@link #enter} said yes is no more. Any thread. */
  public void leave() {
    gate.leave();
  }

  /** Takes no more connections and closes those that are open. A second call does nothing. */
  public void stop(Deadline deadline) throws InterruptedException {
    stop(deadline, connections::close);
  }

  /**
   * Takes no more connections, lets those that are open end until the deadline, and closes the
   * others then. A second call does nothing.
   *
   * @param drain asks connections to end; called once, on the calling thread, when nothing is
   *     accepted any more
   */
  public void stop(Deadline deadline, Runnable drain) throws InterruptedException {
    if (loops.isStopping()) {
      return;
    }
    stopping = true;
    for (Channel channel : listening) {
      channel.close().await(Math.max(1, deadline.remaining().toMillis()));
    }
    drain.run();
    // A new group's future would be done at once, this one is done when the last has gone.
    connections.newCloseFuture().await(Math.max(1, deadline.remaining().toMillis()));
    if (!connections.isEmpty()) {
      log.warn(
          "connections were cut off at the end of the grace period",
          "connections",
          connections.size());
    }
    close(Math.max(CLOSE_MILLIS, deadline.remaining().toMillis()));
  }

  private void close(long waitMillis) throws InterruptedException {
    connections.close().await(waitMillis);
    for (UnixSocketFile file : socketFiles) {
      try {
        file.delete();
      } catch (IOException e) {
        log.warn("the socket's file stays: " + e.getMessage());
      }
    }
    loops.stop(waitMillis);
  }
}
