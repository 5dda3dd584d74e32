package dev.rr.plugin.redis;

import dev.rr.api.log.Log;
import io.lettuce.core.event.Event;
import io.lettuce.core.event.EventBus;
import io.lettuce.core.event.connection.ConnectedEvent;
import io.lettuce.core.event.connection.ConnectionActivatedEvent;
import io.lettuce.core.event.connection.DisconnectedEvent;
import io.lettuce.core.event.connection.ReconnectFailedEvent;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Flux;

/**
 * Takes from the library's events what the user should know of a storage's connections: how many
 * there are, and which nodes of a cluster are away, which the library dials again by itself. Any
 * thread.
 */
final class RedisEvents implements EventBus {
  private final Log log;
  private final String storage;
  private final Set<String> away = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final LongAdder ended = new LongAdder();

  RedisEvents(Log log, String storage) {
    this.log = log;
    this.storage = storage;
  }

  /** Connections that are open. */
  int connections() {
    return Math.max(0, connections.get());
  }

  /** Connections that were, and ended. */
  long ended() {
    return ended.sum();
  }

  /** Whether there is a node that could not be reached when it was tried last. */
  boolean isAnyAway() {
    return !away.isEmpty();
  }

  @Override
  public Flux<Event> get() {
    return Flux.never();
  }

  @Override
  public void publish(Event event) {
    switch (event) {
      case ConnectedEvent connected -> connections.incrementAndGet();
      case DisconnectedEvent disconnected -> {
        connections.decrementAndGet();
        ended.increment();
      }
      case ReconnectFailedEvent failed ->
          away(String.valueOf(failed.remoteAddress()), failed.getCause());
      case ConnectionActivatedEvent active -> back(String.valueOf(active.remoteAddress()));
      default -> {}
    }
  }

  private void away(String node, Throwable cause) {
    if (away.add(node)) {
      log.warn(
          "redis node cannot be reached, it is tried again",
          "storage",
          storage,
          "address",
          node,
          "error",
          RedisFaults.reason(cause));
    }
  }

  private void back(String node) {
    if (away.remove(node)) {
      log.info("redis node is back", "storage", storage, "address", node);
    }
  }
}
