package dev.rr.plugin.websockets;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.broadcast.Broadcaster;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Server;
import dev.rr.metrics.PoolMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Clients that join topics, over WebSocket and server-sent events. */
@Plugin("websockets")
@EnabledBy("websockets")
final class WebsocketsPlugin implements Lifecycle {
  private static final String HTTP = "http";
  private static final long MAX_TICK_MILLIS = 250;
  private static final long MIN_TICK_MILLIS = 20;

  private final WebsocketsConfig config;
  private final Configurer configurer;
  private final Server server;
  private final Broadcaster broadcaster;
  private final Host host;
  private final Log log;
  private final Pool pool;
  private final Service service;
  private @Nullable Thread watcher;

  WebsocketsPlugin(
      WebsocketsConfig config,
      Configurer configurer,
      Server server,
      Broadcaster broadcaster,
      Host host,
      Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.server = server;
    this.broadcaster = broadcaster;
    this.host = host;
    this.log = loggers.named("websockets");
    this.pool =
        server.pool(
            "websockets",
            config.workers(),
            Map.of("RR_MODE", "http", "RR_BROADCAST_PATH", config.path()));
    ConnectedClients clients = new ConnectedClients(config.maxConnections(), log);
    int longest = (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 32);
    this.service =
        new Service(
            config,
            new Hub(config.events().kept(), longest, clients::refuse),
            clients,
            new Authorizer(pool, config.authTimeout()),
            new Deflation(),
            new MemoryBudget(Runtime.getRuntime().maxMemory() / 8),
            new MemoryBudget(Runtime.getRuntime().maxMemory() / 16));
  }

  /** Its workers are listed, asked after and replaced like those of any plugin. */
  @Offers
  Pool pool() {
    return pool;
  }

  @Offers
  MetricsSource metrics() {
    PoolMetrics figures = new PoolMetrics("rr_websockets", "websockets", pool);
    return sink -> {
      figures.collect(sink);
      service.clients().collect(sink);
      sink.gauge("rr_websockets_topics", "Topics that are subscribed to.", service.hub().topics());
    };
  }

  /** Takes connections over. */
  @Offers("websocket")
  HttpUpgrade upgrade() {
    return new WebSocketHandshake(service);
  }

  /** Answers with server-sent events. */
  @Offers
  Middleware middleware() {
    return next -> new EventsHandler(service, next);
  }

  @Override
  public void check(Problems problems) {
    Section section = configurer.section(WebsocketsConfigBinder.INSTANCE, problems);
    if (!config.broker().isEmpty() && !broadcaster.has(config.broker())) {
      section.problem("broker", "'" + config.broker() + "' is no broker under broadcast");
    }
    if (!configurer.has(HTTP)) {
      section.problem(null, "is reached through http alone: add a section http");
    } else if (config.events().isOn()
        && !configurer
            .section(HTTP, problems)
            .strings("middleware", List.of())
            .contains("websockets")) {
      section
          .section("events")
          .problem("path", "is not reached: add websockets to http.middleware");
    }
    server.check(config.workers(), "websockets.pool", configurer, problems);
  }

  @Override
  public void start() throws Exception {
    pool.start();
    service.hub().open(broadcaster.listen(config.broker(), service.hub()));
    watcher = Thread.ofVirtual().name("rr-websockets-watch").start(this::watch);
  }

  /** Looks after silent clients; ends streams when the server stops, which http would wait for. */
  private void watch() {
    long tick = Math.clamp(config.pingInterval().toMillis() / 4, MIN_TICK_MILLIS, MAX_TICK_MILLIS);
    try {
      while (true) {
        Thread.sleep(tick);
        look();
      }
    } catch (InterruptedException e) {
      // It was stopped.
    }
  }

  private void look() {
    try {
      long now = System.nanoTime();
      service.clients().look(now);
      service.hub().sweep(now);
      if (host.stopping()) {
        service.clients().end();
      }
    } catch (RuntimeException e) {
      log.log(Log.Level.ERROR, "clients were not looked after", e);
    }
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    service.clients().end();
    try {
      Thread running = watcher;
      if (running != null) {
        running.interrupt();
        boolean unused = running.join(deadline.within(Duration.ofSeconds(1)).remaining());
      }
      service.hub().close();
    } finally {
      pool.stop(deadline);
      service.deflation().close();
    }
  }
}
