package dev.rr.plugin.http;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Address;
import dev.rr.netty.NettyServer;
import dev.rr.plugin.http.connection.Loop;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The sockets of the plugin, and a {@link Loop} for each of their event loops. Methods are called
 * by the plugin's thread, {@link #enter} and {@link #leave} by any.
 */
final class Listeners {
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 * 1024, 256 * 1024);

  private final NettyServer server;
  private final Map<EventLoop, Loop> loops = new IdentityHashMap<>();

  /** Starts a loop for each processor. */
  Listeners(int maxConnections, long tickMillis, Log log) {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
    this.server =
        NettyServer.start(
            new NettyServer.Settings("http-loop", threads, maxConnections, "http.max_connections"),
            log);
    server.loops().forEach(loop -> loops.put(loop, new Loop(loop, log, tickMillis)));
  }

  /**
   * Listens.
   *
   * @param key the key path, for messages
   * @param begin sets up each connection
   * @return the addresses bound, several when a name stands for several
   */
  List<SocketAddress> listen(
      String key, Address address, Path workDirectory, BiConsumer<Channel, Loop> begin)
      throws IOException {
    return server.listen(key, address, workDirectory, channel -> accept(channel, begin));
  }

  private void accept(Channel channel, BiConsumer<Channel, Loop> begin) {
    Loop loop = loops.get(channel.eventLoop());
    if (loop == null) {
      throw new IllegalStateException("a connection on a loop that is not ours");
    }
    channel.config().setWriteBufferWaterMark(WATER_MARK);
    begin.accept(channel, loop);
  }

  /** Counts a connection of another transport; false when there are as many as may be. */
  boolean enter() {
    return server.enter();
  }

  /** A connection that was counted is no more. */
  void leave() {
    server.leave();
  }

  /**
   * Takes no more connections, lets running requests end until the deadline, then closes
   * everything.
   */
  void stop(Deadline deadline) throws InterruptedException {
    server.stop(
        deadline, () -> loops.values().forEach(loop -> loop.execute(loop::drainConnections)));
  }
}
