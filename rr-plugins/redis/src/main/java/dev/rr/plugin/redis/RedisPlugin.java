package dev.rr.plugin.redis;

import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.broadcast.PubSub;
import dev.rr.api.broadcast.PubSubDriver;
import dev.rr.api.config.Binder;
import dev.rr.api.config.Section;
import dev.rr.api.health.RemoteServer;
import dev.rr.api.health.RemoteServers;
import dev.rr.api.kv.KvDriver;
import dev.rr.api.kv.KvStore;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps keys and values in Redis and passes messages on, or in Valkey, which speaks the same. Its
 * weight has its threads outlive its hosts, which still publish while they stop.
 */
@Plugin(value = "redis", weight = 99)
final class RedisPlugin implements KvDriver, Lifecycle, MetricsSource, RemoteServers {
  /** The library tells each attempt to dial; the driver tells an outage once. */
  private static final Logger REPETITIVE = Logger.getLogger("io.lettuce");

  private final Binder<RedisConfig> sections;
  private final Binder<RedisBroadcastConfig> brokers;
  private final Host host;
  private final Log log;
  private final List<RedisCalls> open = new CopyOnWriteArrayList<>();
  private final List<RemoteServer> servers = new ArrayList<>();
  private @Nullable RedisThreads threads;

  RedisPlugin(
      Binder<RedisConfig> sections,
      Binder<RedisBroadcastConfig> brokers,
      Host host,
      Loggers loggers) {
    this.sections = sections;
    this.brokers = brokers;
    this.host = host;
    this.log = loggers.named("redis");
  }

  @Override
  public void check(String storage, Section config) {
    if (isThere(config)) {
      check(config.bind(sections), config);
    }
  }

  private static boolean isThere(Section config) {
    if (!config.present()) {
      config.problem(
          null, "config not found by provided key: {} is a configuration, with defaults");
    }
    return config.present();
  }

  private void check(RedisConfig bound, Section config) {
    bound
        .addresses()
        .forEach(at -> servers.add(new RemoteServer(config.path() + ".addrs", at.text())));
    bound
        .tls()
        .ifPresent(tls ->
            new RedisTls(tls, config.path() + ".tls", host.workDirectory())
                .check(config.section("tls")));
  }

  @Override
  public List<RemoteServer> remoteServers() {
    return List.copyOf(servers);
  }

  @Override
  public KvStore open(String storage, Section config) throws IOException {
    RedisConfig bound = config.bind(sections);
    RedisEvents events = new RedisEvents(log, storage);
    RedisSetup setup = new RedisSetup(bound, config.path(), host.workDirectory());
    RedisResources resources =
        new RedisResources(threads(), events, setup.nodeDelay(), setup.connections());
    RedisDialer dialer = RedisDialer.of(bound, setup, resources);
    RedisCalls calls = new RedisCalls(storage, bound, dialer, events, resources.timer(), log);
    open.add(calls);
    calls.start();
    return new RedisStore(calls, bound, () -> open.remove(calls));
  }

  /** Brokers, whose methods would have the names of those for storages. */
  @Offers
  PubSubDriver pubSub() {
    return new PubSubDriver() {
      @Override
      public void check(String broker, Section config) {
        if (isThere(config)) {
          RedisPlugin.this.check(config.bind(brokers).connection(), config);
        }
      }

      @Override
      public PubSub open(String broker, Section config, PubSub.Listener listener)
          throws IOException {
        return broker(broker, config, listener);
      }
    };
  }

  private PubSub broker(String broker, Section config, PubSub.Listener listener)
      throws IOException {
    RedisConfig bound = config.bind(brokers).connection();
    // As a storage of that name may be there as well.
    String name = "broadcast." + broker;
    RedisEvents events = new RedisEvents(log, name);
    RedisSetup setup = new RedisSetup(bound, config.path(), host.workDirectory());
    RedisResources publishing =
        new RedisResources(threads(), events, setup.nodeDelay(), setup.connections());
    RedisResources listening =
        new RedisResources(threads(), events, setup.nodeDelay(), setup.watched());
    RedisCalls calls =
        new RedisCalls(
            name, bound, RedisDialer.of(bound, setup, publishing), events, publishing.timer(), log);
    RedisSubscriptions subscriptions =
        new RedisSubscriptions(broker, bound, setup, listening, listener, log);
    open.add(calls);
    calls.start();
    subscriptions.start();
    return new RedisPubSub(bound, calls, subscriptions, () -> open.remove(calls));
  }

  private RedisThreads threads() {
    RedisThreads started = threads;
    if (started == null) {
      REPETITIVE.setLevel(Level.SEVERE);
      started = new RedisThreads();
      threads = started;
    }
    return started;
  }

  @Override
  public void collect(MetricsSink sink) {
    open.forEach(calls -> calls.collect(sink));
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    RedisThreads started = threads;
    threads = null;
    if (started != null) {
      started.close(deadline);
    }
  }
}
