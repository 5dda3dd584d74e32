package dev.rr.netty;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.EssentialThreads;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Event loops, each a thread, of whoever started them and stops them. One that ends unasked ends
 * the process: the server would keep its port and answer nobody. Any thread may call.
 */
public final class EventLoops implements Iterable<EventLoop> {
  /** Known not to block: it is slow only where the machine is. */
  private static final String OWN = "dev.rr.";

  private final Transport transport;
  private final MultiThreadIoEventLoopGroup group;
  private final List<EventLoop> loops = new ArrayList<>();
  private final String name;
  private volatile boolean stopping;
  private volatile @Nullable LoopWatch watch;

  private EventLoops(Transport transport, String name, int threads) {
    this.transport = transport;
    this.name = name;
    this.group =
        new MultiThreadIoEventLoopGroup(
            threads,
            EssentialThreads.untilStopped(
                new DefaultThreadFactory(name, true), () -> this.stopping),
            transport.handlers());
    for (EventExecutor executor : group) {
      loops.add((EventLoop) executor);
    }
  }

  /**
   * Starts loops for sockets of TCP and unix sockets, on epoll where the system has it.
   *
   * @param name their threads' names begin with it
   */
  public static EventLoops start(String name, int threads) {
    return new EventLoops(Transport.best(), name, threads);
  }

  /** Starts loops on the JDK's sockets, for channels that have no other kind. */
  public static EventLoops nio(String name, int threads) {
    return new EventLoops(Transport.NIO, name, threads);
  }

  /**
   * Has the log name whoever holds one of these loops for 200 ms, where that is no code of rr's
   * own; until {@link #stop}. To be called once, by a plugin whose loops run the code of others.
   *
   * @param busy whether there are connections; when there are none, the loops are left to sleep
   */
  public void watch(BooleanSupplier busy, Log log) {
    watch = new LoopWatch(name, this, OWN, busy, log);
  }

  /** For Netty's bootstraps; who uses it does not shut it down. */
  public EventLoopGroup group() {
    return group;
  }

  /**
   * A client's connection that is to be made on one of these loops: whoever takes it sets a handler
   * and connects.
   *
   * @param to already resolved
   */
  public Bootstrap client(SocketAddress to) {
    return new Bootstrap()
        .group(group)
        .channel(transport.client(to instanceof UnixDomainSocketAddress))
        .remoteAddress(transport.address(to));
  }

  /**
   * How a library that binds by itself listens on these loops.
   *
   * @param at already resolved
   */
  public Listening listener(SocketAddress at) {
    return new Listening(
        transport.listener(at instanceof UnixDomainSocketAddress), transport.address(at));
  }

  /**
   * What such a library has to be told.
   *
   * @param channel the kind of its listening channels
   * @param address in the type that these expect
   */
  public record Listening(Class<? extends ServerChannel> channel, SocketAddress address) {}

  Transport transport() {
    return transport;
  }

  @Override
  public Iterator<EventLoop> iterator() {
    return List.copyOf(loops).iterator();
  }

  /** Whether {@link #stop} was called. */
  public boolean isStopping() {
    return stopping;
  }

  /**
   * Ends them, with what is in line on them; channels that are still open are closed. A second call
   * does nothing.
   *
   * @param waitMillis the longest that this waits for their threads
   */
  public void stop(long waitMillis) throws InterruptedException {
    stopping = true;
    LoopWatch watching = watch;
    if (watching != null) {
      watching.close();
    }
    group.shutdownGracefully(0, waitMillis, TimeUnit.MILLISECONDS).await(waitMillis);
  }
}
