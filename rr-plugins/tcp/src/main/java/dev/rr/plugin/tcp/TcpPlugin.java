package dev.rr.plugin.tcp;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Server;
import dev.rr.metrics.PoolMetrics;
import dev.rr.net.AddressForms;
import dev.rr.netty.LingeringClose;
import dev.rr.netty.NettyServer;
import dev.rr.netty.tls.ListenerTls;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Has PHP talk to the clients of TCP servers. */
@Plugin("tcp")
@EnabledBy("tcp")
final class TcpPlugin implements Lifecycle {
  private static final int FIRST_READ = 2048; // bytes

  private final TcpConfig config;
  private final Configurer configurer;
  private final Server workers;
  private final Host host;
  private final Log log;
  private final Pool pool;
  private final RecvByteBufAllocator reads;
  private final Map<String, TcpServer> servers = new LinkedHashMap<>();
  private final Map<String, List<SocketAddress>> bound = new HashMap<>();
  private final List<ListenerTls> secured = new ArrayList<>();
  private final Connections connections;
  private @Nullable NettyServer netty;

  TcpPlugin(TcpConfig config, Configurer configurer, Server workers, Host host, Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.workers = workers;
    this.host = host;
    this.log = loggers.named("tcp");
    this.pool = workers.pool("tcp", config.pool(), Map.of("RR_MODE", "tcp"));
    this.reads = new AdaptiveRecvByteBufAllocator(64, FIRST_READ, config.readBytes());
    this.connections = new Connections(pool, MemoryBudget.ofHeap(), config, log);
    config.servers().forEach((name, server) -> servers.put(name, new TcpServer(name, server)));
  }

  /** Its workers are listed, asked after and replaced like those of any plugin. */
  @Offers
  Pool pool() {
    return pool;
  }

  @Offers
  MetricsSource metrics() {
    PoolMetrics figures = new PoolMetrics("rr_tcp", "TCP", pool);
    return sink -> {
      figures.collect(sink);
      servers.values().forEach(server -> server.collect(sink));
    };
  }

  /** Closes a connection; true also when it is gone, as upstream says it. */
  @RpcMethod(value = "Close", quick = true)
  boolean close(String uuid) {
    connections.close(uuid);
    return true;
  }

  @Override
  public void check(Problems problems) {
    configurer
        .section(TcpConfigBinder.INSTANCE, problems)
        .sectionMap("servers")
        .forEach((name, section) ->
            Optional.ofNullable(servers.get(name))
                .flatMap(this::files)
                .ifPresent(files -> files.check(section.section("tls"))));
    workers.check(config.pool(), "tcp.pool", configurer, problems);
  }

  private Optional<ListenerTls.Files> files(TcpServer server) {
    return server
        .config()
        .tls()
        .map(tls ->
            new ListenerTls.Files(
                server.section() + ".tls",
                tls.cert(),
                tls.key(),
                tls.rootCa(),
                tls.clientAuthType(),
                host.workDirectory()));
  }

  @Override
  public void start() throws Exception {
    pool.start();
    NettyServer started =
        NettyServer.start("tcp-loop", config.maxConnections(), "tcp.max_connections", log);
    netty = started;
    connections.watch(started.loops());
    for (TcpServer server : servers.values()) {
      listen(started, server);
    }
  }

  private void listen(NettyServer on, TcpServer server) throws IOException {
    Optional<ListenerTls> tls = tls(server);
    String address = server.config().addr();
    bound.put(
        server.name(),
        on.listen(
            server.section() + ".addr",
            AddressForms.LISTENER.parse(address),
            host.workDirectory(),
            channel -> begin(channel, server, tls)));
    log.debug("tcp server was started", "server", server.name(), "address", address);
  }

  private Optional<ListenerTls> tls(TcpServer server) throws IOException {
    Optional<ListenerTls.Files> files = files(server);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    ListenerTls tls = new ListenerTls(files.get(), List.of(), "tcp-tls-reload", log);
    secured.add(tls);
    return Optional.of(tls);
  }

  /** Sets up a connection. On its loop. */
  private void begin(Channel channel, TcpServer server, Optional<ListenerTls> tls) {
    ChannelConfig options = channel.config();
    options.setRecvByteBufAllocator(reads);
    // Who has said its last may still wait for an answer.
    options.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    // A client may be silent for hours, and one that has vanished is.
    options.setOption(ChannelOption.SO_KEEPALIVE, true);
    channel.pipeline().addLast(new LingeringClose());
    tls.ifPresent(t -> channel.pipeline().addLast(t.context().newHandler(channel.alloc())));
    channel.pipeline().addLast(new TcpConnection(channel, server, connections, tls.isPresent()));
  }

  /** Where a server listens; for tests. */
  List<SocketAddress> bound(String server) {
    return bound.getOrDefault(server, List.of());
  }

  /** What all connections hold; for tests. */
  MemoryBudget budget() {
    return connections.budget();
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    try {
      secured.forEach(ListenerTls::close);
      if (netty != null) {
        NettyServer running = netty;
        running.stop(deadline, () -> drain(running));
      }
    } finally {
      pool.stop(deadline);
    }
  }

  /** Each connection finishes what is under way. */
  private void drain(NettyServer running) {
    connections.drain();
    running
        .connections()
        .forEach(channel -> channel.pipeline().fireUserEventTriggered(TcpConnection.DRAIN));
  }
}
