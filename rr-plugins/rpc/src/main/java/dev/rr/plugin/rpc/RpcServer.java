package dev.rr.plugin.rpc;

import dev.rr.api.log.Log;
import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.trace.Tracer;
import dev.rr.net.Address;
import dev.rr.netty.NettyServer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The listener and its connections. Started and stopped by one thread; owns its event loops. */
final class RpcServer {
  private final NettyServer server;
  private final Dispatcher dispatcher;
  private final Limits limits;
  private final Budget budget;
  private final CallCounts counts = new CallCounts();
  private final @Nullable Tracer tracer;
  private final Log log;
  private final Map<EventLoop, CallRunner> runners = new ConcurrentHashMap<>();
  private List<SocketAddress> bound = List.of();

  /** Starts its loops; it listens nowhere yet. */
  RpcServer(Dispatcher dispatcher, Limits limits, @Nullable Tracer tracer, Log log) {
    this.server = NettyServer.start("rr-rpc", log);
    this.dispatcher = dispatcher;
    this.limits = limits;
    this.budget = new Budget(limits.budget());
    this.tracer = tracer;
    this.log = log;
  }

  /**
   * Listens.
   *
   * @param folder what the path of a unix socket begins at
   * @throws IOException says why that is impossible
   */
  void listen(Address address, Path folder) throws IOException {
    bound = server.listen("rpc.listen", address, folder, this::begin);
  }

  private void begin(Channel channel) {
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    if (channel.localAddress() instanceof InetSocketAddress) {
      channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
    }
    CallRunner runner = runners.computeIfAbsent(channel.eventLoop(), CallRunner::new);
    channel
        .pipeline()
        .addLast(new Connection(channel, runner, dispatcher, limits, budget, counts, tracer, log));
  }

  /** The port in use; 0 for a unix socket. */
  int port() {
    return bound.getFirst() instanceof InetSocketAddress tcp ? tcp.getPort() : 0;
  }

  /** Bytes that all calls take now. */
  long taken() {
    return budget.taken();
  }

  /** Connections that are open. */
  int connections() {
    return server.connections().size();
  }

  /** Hands over what it has counted, and what is under way now. */
  void collect(MetricsSink sink) {
    counts.collect(sink);
    sink.gauge("rr_rpc_connections", "Connections that are open.", connections());
    sink.gauge("rr_rpc_calls_bytes", "Memory that calls hold, in bytes.", taken());
  }

  /**
   * Closes the listener, lets running calls be answered until the deadline, then closes everything.
   */
  void stop(Deadline deadline) throws InterruptedException {
    server.stop(deadline, () -> server.connections().forEach(RpcServer::drain));
  }

  private static void drain(Channel channel) {
    Connection connection = channel.pipeline().get(Connection.class);
    if (connection != null) {
      channel.eventLoop().execute(connection::drain);
    }
  }
}
