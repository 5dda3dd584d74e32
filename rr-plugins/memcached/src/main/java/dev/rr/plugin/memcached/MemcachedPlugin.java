package dev.rr.plugin.memcached;

import dev.rr.annotation.Plugin;
import dev.rr.api.config.Binder;
import dev.rr.api.config.Section;
import dev.rr.api.health.RemoteServer;
import dev.rr.api.health.RemoteServers;
import dev.rr.api.kv.KvDriver;
import dev.rr.api.kv.KvStore;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.netty.EventLoops;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps keys and values in memcached. */
@Plugin(value = "memcached", weight = 99)
final class MemcachedPlugin implements KvDriver, Lifecycle, RemoteServers {
  private final Binder<MemcachedConfig> sections;
  private final Host host;
  private final Log log;
  private final List<RemoteServer> servers = new ArrayList<>();
  private @Nullable EventLoops loops;

  MemcachedPlugin(Binder<MemcachedConfig> sections, Host host, Loggers loggers) {
    this.sections = sections;
    this.host = host;
    this.log = loggers.named("memcached");
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
        .addr()
        .forEach(text ->
            servers.add(
                new RemoteServer(config.path() + ".addr", MemcachedConfig.address(text).text())));
  }

  @Override
  public List<RemoteServer> remoteServers() {
    return List.copyOf(servers);
  }

  @Override
  public KvStore open(String storage, Section config) {
    MemcachedConfig bound = config.bind(sections);
    EventLoops started = loops();
    Map<String, MemcachedServer> servers = new HashMap<>();
    ServerList list =
        new ServerList(
            bound.addr().stream()
                .map(text ->
                    servers.computeIfAbsent(
                        text,
                        at ->
                            new MemcachedServer(
                                storage,
                                MemcachedConfig.address(at),
                                host.workDirectory(),
                                bound.timeout(),
                                started,
                                log)))
                .toList());
    list.distinct().forEach(MemcachedServer::start);
    return new MemcachedStore(list, bound);
  }

  private EventLoops loops() {
    EventLoops started = loops;
    if (started == null) {
      started = EventLoops.start("rr-memcached", 1);
      loops = started;
    }
    return started;
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    EventLoops started = loops;
    loops = null;
    if (started != null) {
      started.stop(deadline.remaining().toMillis());
    }
  }
}
