package dev.rr.plugin.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What commands are sent through: a connection to one server, or all of those to a cluster. Any
 * thread. Those to one server are gathered until they are flushed, so that many go out at once;
 * those to several nodes on each node's connection ({@link NodeConnections}).
 */
final class RedisLink {
  private final StatefulConnection<String, byte[]> connection;
  private final RedisClusterAsyncCommands<String, byte[]> commands;
  private final boolean single;
  private final Executor loop;
  private final AtomicBoolean flushing = new AtomicBoolean();
  private volatile long answered = System.nanoTime();

  /**
   * Wraps a connection that is open.
   *
   * @param single whether it is a connection to one server, which the library does not dial again
   * @param loop the thread of the connections
   */
  RedisLink(
      StatefulConnection<String, byte[]> connection,
      RedisClusterAsyncCommands<String, byte[]> commands,
      boolean single,
      Executor loop) {
    this.connection = connection;
    this.loop = loop;
    this.commands = commands;
    this.single = single;
    connection.setAutoFlushCommands(!single);
  }

  RedisClusterAsyncCommands<String, byte[]> commands() {
    return commands;
  }

  /** Has what was gathered sent, by all callers at once. */
  void flush() {
    if (single && flushing.compareAndSet(false, true)) {
      loop.execute(() -> {
        flushing.set(false);
        connection.flushCommands();
      });
    }
  }

  boolean isSingle() {
    return single;
  }

  /** Notes that an answer came. */
  void heard() {
    answered = System.nanoTime();
  }

  /** Whether nothing has come since that moment of {@link System#nanoTime}. */
  boolean isSilentSince(long nanos) {
    return answered - nanos < 0;
  }

  /** Has {@code then} run when the connection ends, on a thread that it must not block. */
  void onEnd(Runnable then) {
    if (!single) {
      return;
    }
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> ended) {
            then.run();
          }
        });
    if (!connection.isOpen()) {
      then.run();
    }
  }

  /** Closes it and waits for nothing; commands under way fail. */
  void close() {
    var _ = connection.closeAsync();
  }
}
