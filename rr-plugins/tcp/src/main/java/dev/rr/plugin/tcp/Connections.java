package dev.rr.plugin.tcp;

import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.api.log.OncePerSecond;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Reply;
import dev.rr.netty.EventLoops;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of all servers by their id, and what they share. Any thread, but for what a
 * method says.
 */
final class Connections {
  /** Upstream sets none. */
  private static final int NO_CODEC = 0;

  private final Pool pool;
  private final MemoryBudget budget;
  private final TcpConfig config;
  private final Log log;
  private final Map<String, TcpConnection> open = new ConcurrentHashMap<>();
  private final OncePerSecond refusals = new OncePerSecond();
  private final OncePerSecond failures = new OncePerSecond();
  private final OncePerSecond undelivered = new OncePerSecond();
  private volatile boolean draining;

  Connections(Pool pool, MemoryBudget budget, TcpConfig config, Log log) {
    this.pool = pool;
    this.budget = budget;
    this.config = config;
    this.log = log;
  }

  MemoryBudget budget() {
    return budget;
  }

  TcpConfig config() {
    return config;
  }

  Log log() {
    return log;
  }

  // Who is there.

  /** Has each loop look regularly which of its connections are late. */
  void watch(EventLoops loops) {
    long tick = config.timeouts().tickMillis();
    for (EventLoop loop : loops) {
      var unused = loop.scheduleAtFixedRate(() -> look(loop), tick, tick, TimeUnit.MILLISECONDS);
    }
  }

  private void look(EventLoop loop) {
    long now = System.nanoTime();
    for (TcpConnection connection : open.values()) {
      if (connection.isOn(loop)) {
        connection.look(now);
      }
    }
  }

  /** A new connection's id, under which it is known until {@link #remove}. */
  String add(TcpConnection connection) {
    String id = UUID.randomUUID().toString();
    open.put(id, connection);
    return id;
  }

  void remove(String id) {
    open.remove(id);
  }

  /** Closes a connection, if it is there. */
  void close(String id) {
    TcpConnection connection = open.get(id);
    if (connection != null) {
      connection.close();
    }
  }

  /** Whether connections are to end. */
  boolean isDraining() {
    return draining;
  }

  /** From now on connections end once what is under way is finished. */
  void drain() {
    draining = true;
  }

  // What workers are told.

  /** Hands an event over; the reply may fail before this returns. */
  void tell(byte[] context, byte[] body, EventReply reply) {
    Payload.Body whole = body.length == 0 ? Payload.NO_BODY : new Payload.Bytes(body);
    var unused = pool.exec(new Payload(NO_CODEC, context, whole), reply);
  }

  /** Tells that a connection is gone, which nobody answers. */
  void tellClosed(byte[] context) {
    var unused = pool.exec(new Payload(NO_CODEC, context, Payload.NO_BODY), new IgnoredReply());
  }

  private final class IgnoredReply implements Reply {
    @Override
    public boolean frame(
        int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last) {
      return last;
    }

    @Override
    public boolean body(ByteBuffer chunk, long remaining) {
      return true;
    }

    @Override
    public void failed(ExecException error) {
      if (undelivered.passes()) {
        log.warn("failed to send close event to worker", "error", error.getMessage());
      }
    }
  }

  // What is logged of what clients can cause as often as they like.

  /** A client broke a rule and is closed. */
  void refused(String why, TcpServer server, String client) {
    if (refusals.passes()) {
      log.warn(why, "server", server.name(), "remote_addr", client);
    }
  }

  /** A worker did not answer, and the connection is closed. */
  void failed(@Nullable String error, TcpServer server, String client) {
    if (failures.passes()) {
      log.error("execute error", "error", error, "server", server.name(), "remote_addr", client);
    }
  }
}
