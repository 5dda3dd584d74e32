package dev.rr.plugin.centrifuge;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.log.RateLimitedLog;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.rpc.RpcService;
import dev.rr.api.trace.Tracer;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Server;
import dev.rr.grpc.CallMemory;
import dev.rr.grpc.CallSettings;
import dev.rr.grpc.ConnectionTimes;
import dev.rr.grpc.GrpcServer;
import dev.rr.metrics.PoolMetrics;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Has PHP decide about the clients of Centrifugo, and call it. */
@Plugin("centrifuge")
@EnabledBy("centrifuge")
final class CentrifugePlugin implements Lifecycle {
  /** Bytes of a message that Centrifugo may send: what Go's library takes unless told otherwise. */
  private static final int MOST_RECEIVED = 4 << 20;

  /** Bytes of an answer; Centrifugo takes no more than the above. */
  private static final int MOST_SENT = 64 << 20;

  /** Centrifugo has one connection for all of its calls, and gives each a second. */
  private static final int MOST_CALLS = 4096;

  private final CentrifugeConfig config;
  private final Configurer configurer;
  private final Server server;
  private final Optional<Tracer> tracer;
  private final Host host;
  private final Log log;
  private final Pool pool;
  private final CallMemory memory = new CallMemory(MemoryBudget.ofHeap());
  // Read by threads of RPC.
  private volatile @Nullable ApiClient api;
  private @Nullable GrpcServer listener;

  CentrifugePlugin(
      CentrifugeConfig config,
      Configurer configurer,
      Server server,
      Optional<Tracer> tracer,
      Host host,
      Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.server = server;
    this.tracer = tracer;
    this.host = host;
    this.log = loggers.named("centrifuge");
    this.pool = server.pool("centrifuge", config.pool(), Map.of("RR_MODE", "centrifuge"));
  }

  /** Its workers are listed, asked after and replaced like those of any plugin. */
  @Offers
  Pool pool() {
    return pool;
  }

  @Offers
  MetricsSource metrics() {
    return new PoolMetrics("rr_centrifugo", "Centrifugo", pool);
  }

  /** Centrifugo's API for PHP. */
  @Offers
  RpcService rpc() {
    return new CentrifugeRpc(this::api);
  }

  private ApiClient api() {
    ApiClient client = api;
    if (client == null) {
      throw new IllegalStateException("RoadRunner is not ready yet, try in a few seconds");
    }
    return client;
  }

  @Override
  public void check(Problems problems) {
    Section section = configurer.section(CentrifugeConfigBinder.INSTANCE, problems);
    config.tls().ifPresent(tls -> tls.files(host.workDirectory()).check(section.section("tls")));
    config
        .proxyTls()
        .ifPresent(tls -> tls.files(host.workDirectory()).check(section.section("proxy_tls")));
    server.check(config.pool(), "centrifuge.pool", configurer, problems);
  }

  @Override
  public void start() throws Exception {
    // It dials when it is first called. Workers may call while they boot.
    api = ApiClient.open(config, host.workDirectory());
    pool.start();
    GrpcServer.Settings settings =
        new GrpcServer.Settings(
            "centrifuge",
            "centrifuge.proxy_address",
            config.proxy(),
            MOST_RECEIVED,
            MOST_CALLS,
            ConnectionTimes.USUAL);
    CallSettings calls =
        new CallSettings(MOST_RECEIVED, MOST_SENT, memory, new RateLimitedLog(log));
    listener =
        GrpcServer.start(
            settings,
            ProxyService.methods(pool, tracer, calls),
            host.workDirectory(),
            config.proxyTls().map(tls -> tls.files(host.workDirectory())),
            memory,
            log);
    log.info("centrifuge proxy was started", "address", config.proxyAddress());
  }

  /** Where it listens; for tests. */
  List<SocketAddress> bound() {
    return listener == null ? List.of() : listener.bound();
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    try {
      if (listener != null) {
        listener.stop(deadline);
      }
    } finally {
      try {
        pool.stop(deadline);
      } finally {
        close(deadline);
      }
    }
  }

  /** What workers need until they are gone. */
  private void close(Deadline deadline) throws InterruptedException {
    ApiClient client = api;
    try {
      if (client != null) {
        client.close(deadline);
      }
    } finally {
      if (listener != null) {
        listener.close(deadline);
      }
    }
  }
}
