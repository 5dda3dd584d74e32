package dev.rr.plugin.websockets;

import dev.rr.api.log.Log;
import dev.rr.api.log.RateLimitedLog;
import dev.rr.api.metrics.MetricsSink;
import dev.rr.metrics.Counter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Every client there is, and what is counted and logged of them. Any thread. */
final class ConnectedClients {
  private final int limit;
  private final Log log;
  private final Set<Client> all = ConcurrentHashMap.newKeySet();

  /** Those that are there and those that PHP is still asked about. */
  private final AtomicInteger taken = new AtomicInteger();

  final Counter delivered =
      new Counter("rr_websockets_delivered_total", "Messages that were handed to a client.");
  final Counter dropped =
      new Counter("rr_websockets_dropped_total", "Messages that a slow client did not get.");
  final Counter slow =
      new Counter("rr_websockets_slow_total", "Clients that were closed since they read slowly.");
  final Counter denied =
      new Counter("rr_websockets_denied_total", "Connections and joins that were refused.");
  final Counter joined = new Counter("rr_websockets_joined_total", "Joins that were granted.");

  /**
   * None yet.
   *
   * @param limit the most at once; 0 is no limit
   */
  ConnectedClients(int limit, Log log) {
    this.limit = limit;
    this.log = new RateLimitedLog(log);
  }

  /** Takes a place for one more; false when there is none. */
  boolean enter() {
    if (taken.incrementAndGet() <= limit || limit == 0) {
      return true;
    }
    taken.decrementAndGet();
    return false;
  }

  /** Gives a place back. */
  void exit() {
    taken.decrementAndGet();
  }

  void add(Client client) {
    all.add(client);
  }

  /** Forgets a client and gives its place back; a second call does nothing. */
  void remove(Client client) {
    if (all.remove(client)) {
      exit();
    }
  }

  void look(long nowNanos) {
    all.forEach(client -> client.look(nowNanos));
  }

  /** Has every one of them leave. */
  void end() {
    all.forEach(Client::leave);
  }

  /** Tells the log what clients can cause as often as they like, each message once a second. */
  void warn(String message, Visitor visitor, @Nullable Throwable cause) {
    log.log(Log.Level.WARN, message, cause, "remote_addr", visitor.address());
  }

  /** A message that is too large for all of them. */
  void refuse(int bytes) {
    dropped.increment();
    log.log(
        Log.Level.WARN,
        "a message is larger than a thirty-second of the heap, no client gets it",
        null,
        "bytes",
        bytes);
  }

  void collect(MetricsSink sink) {
    long streams = all.stream().filter(EventStream.class::isInstance).count();
    String help = "Clients that are connected.";
    sink.gauge("rr_websockets_connections", help, all.size() - streams, "transport", "websocket");
    sink.gauge("rr_websockets_connections", help, streams, "transport", "sse");
    delivered.collect(sink);
    dropped.collect(sink);
    slow.collect(sink);
    denied.collect(sink);
    joined.collect(sink);
  }
}
