package dev.rr.plugin.redis;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.rr.api.log.Log;
import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Reconnector;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands over one connection that is kept, and waits for their answers: only so many calls
 * at once, each answer for as long as the section says, and again where that may help. Any thread.
 */
final class RedisCalls implements Reconnector.Peer<RedisLink> {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final String storage;
  private final RedisConfig config;
  private final RedisDialer dialer;
  private final RedisEvents events;
  private final Timer timer;
  private final Log log;
  private final Semaphore room;
  private final Reconnector<RedisLink> connection;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder timeouts = new LongAdder();

  /** Commands that go out at once; answers are in their order. */
  @FunctionalInterface
  interface Commands<T> {
    /** Sends them, waiting for nothing. */
    List<? extends RedisFuture<? extends T>> send(RedisClusterAsyncCommands<String, byte[]> to);
  }

  /** A call, of one or several rounds of commands. */
  @FunctionalInterface
  interface Call<T> {
    /** Makes it. */
    T run() throws Exception;
  }

  /** There was no answer in time. */
  static final class NoAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    NoAnswer(Duration longest) {
      super("no answer within " + longest.toMillis() + " ms");
    }
  }

  RedisCalls(
      String storage,
      RedisConfig config,
      RedisDialer dialer,
      RedisEvents events,
      Timer timer,
      Log log) {
    this.timer = timer;
    this.storage = storage;
    this.config = config;
    this.dialer = dialer;
    this.events = events;
    this.log = log;
    this.room = new Semaphore(config.poolSize());
    this.connection =
        new Reconnector<>(
            config.name(),
            "rr-redis-dial",
            new Reconnector.Pauses(config.minRetryBackoff(), LONGEST_PAUSE),
            this);
  }

  /** Begins to dial; that nobody answers is no failure. */
  void start() {
    connection.start();
  }

  /**
   * Has a call take its turn.
   *
   * @throws IOException when it did not come in time, or of the call
   */
  <T> T inTurn(Call<T> call) throws Exception {
    if (!room.tryAcquire() && !room.tryAcquire(config.poolTimeout().toNanos(), NANOSECONDS)) {
      timeouts.increment();
      throw new IOException("redis: connection pool timeout");
    }
    try {
      return call.run();
    } finally {
      room.release();
    }
  }

  /**
   * Sends commands and waits for their answers.
   *
   * @param longest how long, once they are sent
   * @throws IOException for the user
   */
  <T> List<T> all(Duration longest, Commands<T> commands) throws IOException, InterruptedException {
    Deadline dialing = Deadline.after(config.dialTimeout());
    for (int failed = 1; ; failed++) {
      Throwable fault;
      try {
        return once(connected(dialing), longest, commands);
      } catch (RedisException | IOException e) {
        fault = e;
      }
      boolean tooLate = connection.current() == null && dialing.passed();
      boolean last = failed > config.maxRetries() || tooLate || !RedisFaults.mayPass(fault);
      if (last && !isDialed(fault, dialing)) {
        throw fault instanceof IOException io
            ? io
            : new IOException(RedisFaults.reason(fault), fault);
      }
      Thread.sleep(config.backoff(failed));
    }
  }

  /** Whether it is a node's connection that is waited for, as it would be for the only one. */
  private boolean isDialed(Throwable fault, Deadline dialing) {
    return RedisFaults.isUnconnected(fault) && !dialing.passed() && !events.isAnyAway();
  }

  private RedisLink connected(Deadline dialing) throws IOException, InterruptedException {
    RedisLink now = connection.current();
    if (now != null) {
      hits.increment();
      return now;
    }
    misses.increment();
    return connection.get(dialing.remaining());
  }

  private <T> List<T> once(RedisLink link, Duration longest, Commands<T> commands)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    List<? extends RedisFuture<? extends T>> sent = commands.send(link.commands());
    link.flush();
    List<T> answers = new ArrayList<>(sent.size());
    // One timer for a call: a wait with a time of its own is dear for a virtual thread.
    Timeout limit = timer.newTimeout(_ -> giveUp(sent, longest), longest.toNanos(), NANOSECONDS);
    try {
      for (RedisFuture<? extends T> each : sent) {
        answers.add(each.get());
      }
      link.heard();
      return answers;
    } catch (ExecutionException e) {
      throw cause(link, began, e);
    } finally {
      limit.cancel();
      if (answers.size() < sent.size()) {
        sent.forEach(each -> each.cancel(false));
      }
    }
  }

  private static void giveUp(List<? extends RedisFuture<?>> sent, Duration longest) {
    NoAnswer none = new NoAnswer(longest);
    sent.forEach(each -> each.toCompletableFuture().completeExceptionally(none));
  }

  private RedisException cause(RedisLink link, long began, ExecutionException failure)
      throws NoAnswer {
    Throwable cause = RedisFaults.cause(failure);
    if (cause instanceof NoAnswer none) {
      if (link.isSingle() && link.isSilentSince(began)) {
        replace(link);
      }
      throw none;
    }
    if (link.isSingle() && RedisFaults.isDemoted(cause)) {
      // Sentinels have another master by now.
      replace(link);
    }
    return cause instanceof RedisException redis ? redis : new RedisException(cause);
  }

  private void replace(RedisLink link) {
    connection.lost(link);
    link.close();
  }

  @Override
  public RedisLink dial() throws IOException, InterruptedException {
    return dialer.dial();
  }

  @Override
  public void connected(RedisLink made) {
    made.onEnd(() -> replace(made));
  }

  @Override
  public void discard(RedisLink made) {
    made.close();
  }

  @Override
  public void down(IOException cause) {
    log.warn(
        "redis cannot be reached, it is tried again",
        "storage",
        storage,
        "error",
        String.valueOf(cause.getMessage()));
  }

  @Override
  public void up() {
    log.info("redis is back", "storage", storage);
  }

  /** Upstream's figures of its pool, told of calls and connections. */
  void collect(MetricsSink sink) {
    int calls = config.poolSize() - room.availablePermits();
    int connections = events.connections();
    sink.counter("rr_redis_pool_hit_total", Help.HIT, hits.sum(), "storage", storage);
    sink.counter("rr_redis_pool_miss_total", Help.MISS, misses.sum(), "storage", storage);
    sink.counter("rr_redis_pool_timeout_total", Help.TIMEOUT, timeouts.sum(), "storage", storage);
    sink.gauge("rr_redis_pool_conn_total_current", Help.TOTAL, connections, "storage", storage);
    int idle = Math.max(0, connections - calls);
    sink.gauge("rr_redis_pool_conn_idle_current", Help.IDLE, idle, "storage", storage);
    sink.counter("rr_redis_pool_conn_stale_total", Help.STALE, events.ended(), "storage", storage);
  }

  private static final class Help {
    static final String HIT = "Rounds of commands that found a connection.";
    static final String MISS = "Rounds of commands that had to wait for a connection.";
    static final String TIMEOUT = "Calls whose turn did not come within pool_timeout.";
    static final String TOTAL = "Connections that are open.";
    static final String IDLE = "Connections that are open and carry no call.";
    static final String STALE = "Connections that have ended.";
  }

  /** Ends it all; calls under way fail. */
  void close(Deadline deadline) throws InterruptedException {
    @Nullable RedisLink last = connection.close(deadline.remaining());
    if (last != null) {
      last.close();
    }
    dialer.close(deadline);
  }
}
