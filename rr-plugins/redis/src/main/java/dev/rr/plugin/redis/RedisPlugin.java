package dev.rr.plugin.redis;

import dev.rr.annotation.Plugin;
import dev.rr.api.config.Binder;
import dev.rr.api.config.Section;
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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps keys and values in Redis, or in Valkey, which speaks the same. */
@Plugin("redis")
final class RedisPlugin implements KvDriver, Lifecycle, MetricsSource {
  /** The library tells each attempt to dial; the driver tells an outage once. */
  private static final Logger REPETITIVE = Logger.getLogger("io.lettuce");

  private final Binder<RedisConfig> sections;
  private final Host host;
  private final Log log;
  private final List<RedisCalls> open = new CopyOnWriteArrayList<>();
  private @Nullable RedisThreads threads;

  RedisPlugin(Binder<RedisConfig> sections, Host host, Loggers loggers) {
    this.sections = sections;
    this.host = host;
    this.log = loggers.named("redis");
  }

  @Override
  public void check(String storage, Section config) {
    if (!config.present()) {
      config.problem(
          null, "config not found by provided key: {} is a configuration, with defaults");
      return;
    }
    config
        .bind(sections)
        .tls()
        .ifPresent(tls ->
            new RedisTls(tls, config.path() + ".tls", host.workDirectory())
                .check(config.section("tls")));
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
