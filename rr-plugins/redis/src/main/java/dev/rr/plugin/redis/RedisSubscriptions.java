package dev.rr.plugin.redis;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.rr.api.broadcast.PubSub;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Reconnector;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Listens to channels over one connection that is kept, of any node where there are several: what
 * is published at one reaches all. Each new connection subscribes to every channel again. Any
 * thread.
 */
final class RedisSubscriptions
    implements Reconnector.Peer<StatefulRedisPubSubConnection<String, byte[]>> {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** How often the server is asked for a sign of life, which a silent connection never shows. */
  private static final Duration ALIVE = Duration.ofSeconds(10);

  /** What is subscribed to for that; nobody publishes there. */
  private static final String ALIVE_CHANNEL = "rr.broadcast.alive";

  private final String broker;
  private final RedisConfig config;
  private final PubSub.Listener listener;
  private final Timer timer;
  private final Log log;
  private final RedisClient client;
  private final List<RedisURI> servers;
  private final Reconnector<StatefulRedisPubSubConnection<String, byte[]>> connection;

  /** What is to be subscribed to, and who waits for it. */
  private final Map<String, CompletableFuture<Void>> wanted = new ConcurrentHashMap<>();

  private final Duration longest;
  private volatile boolean connectedBefore;
  private volatile boolean closed;

  RedisSubscriptions(
      String broker,
      RedisConfig config,
      RedisSetup setup,
      RedisResources resources,
      PubSub.Listener listener,
      Log log) {
    this.broker = broker;
    this.config = config;
    this.listener = listener;
    this.timer = resources.timer();
    this.log = log;
    this.longest = config.dialTimeout().plus(config.readTimeout());
    this.servers = config.hasSentinels() ? List.of(setup.server()) : setup.nodes();
    this.client = RedisClient.create(resources);
    ClientOptions.Builder options = setup.options(ClientOptions.builder());
    // It would subscribe again by itself, but tell nobody that messages were missed.
    client.setOptions(options.autoReconnect(false).build());
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
    again(ALIVE);
  }

  // What is subscribed to.

  /** As {@link PubSub#subscribe}. */
  CompletionStage<Void> subscribe(String topic) {
    if (closed) {
      return CompletableFuture.failedFuture(new IOException(config.name() + ": it was closed"));
    }
    CompletableFuture<Void> fresh = new CompletableFuture<>();
    CompletableFuture<Void> before = wanted.putIfAbsent(topic, fresh);
    if (before != null) {
      return before.minimalCompletionStage();
    }
    Timeout limit = timer.newTimeout(_ -> late(topic, fresh), longest.toNanos(), NANOSECONDS);
    var unused = fresh.whenComplete((ok, failure) -> limit.cancel());
    // Behind the entry: a connection that comes meanwhile finds it.
    StatefulRedisPubSubConnection<String, byte[]> now = connection.current();
    if (now != null) {
      var _ = send(now, topic, fresh);
    }
    return fresh.minimalCompletionStage();
  }

  /** Answers when the server has said yes or the connection is lost. */
  private CompletableFuture<?> send(
      StatefulRedisPubSubConnection<String, byte[]> to,
      String topic,
      CompletableFuture<Void> ready) {
    return to.async()
        .subscribe(topic)
        .handle((ok, failure) -> {
          if (failure == null) {
            ready.complete(null);
          } else if (refusal(failure) instanceof IOException refused) {
            fail(topic, ready, refused);
          }
          return failure == null;
        })
        .toCompletableFuture();
  }

  /**
   * What the server has against it; null for a connection that was lost, after which comes another.
   */
  private @Nullable IOException refusal(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof RedisCommandExecutionException
        ? new IOException(config.name() + ": " + RedisFaults.reason(cause), cause)
        : null;
  }

  private void late(String topic, CompletableFuture<Void> ready) {
    fail(
        topic,
        ready,
        new IOException(config.name() + ": no subscription within " + longest.toMillis() + " ms"));
  }

  private void fail(String topic, CompletableFuture<Void> ready, IOException why) {
    if (ready.isDone()) {
      return;
    }
    if (wanted.remove(topic, ready)) {
      end(topic);
    }
    ready.completeExceptionally(why);
  }

  /** As {@link PubSub#unsubscribe}. */
  void unsubscribe(String topic) {
    CompletableFuture<Void> ready = wanted.remove(topic);
    if (ready != null) {
      end(topic);
      ready.completeExceptionally(new IOException("the subscription was ended"));
    }
  }

  private void end(String topic) {
    StatefulRedisPubSubConnection<String, byte[]> now = connection.current();
    if (now != null) {
      var unused = now.async().unsubscribe(topic);
    }
  }

  // The connection.

  @Override
  public StatefulRedisPubSubConnection<String, byte[]> dial()
      throws IOException, InterruptedException {
    IOException failure = null;
    for (RedisURI server : servers) {
      try {
        StatefulRedisPubSubConnection<String, byte[]> made =
            RedisDialer.await(
                () -> client.connectPubSubAsync(RedisDialer.CODEC, server),
                config,
                config.dialTimeout());
        // Before anything is subscribed to.
        made.addListener(new Messages());
        return made;
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    throw failure == null ? new IOException(config.name() + ": there is no address") : failure;
  }

  /** On the loop of the connection. */
  private final class Messages extends RedisPubSubAdapter<String, byte[]> {
    @Override
    public void message(String channel, byte[] message) {
      // What was on its way when its subscription ended is nobody's.
      if (wanted.containsKey(channel)) {
        listener.message(channel, message);
      }
    }
  }

  @Override
  public void connected(StatefulRedisPubSubConnection<String, byte[]> made) {
    made.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> ended) {
            replace(made);
          }
        });
    if (!made.isOpen()) {
      replace(made);
      return;
    }
    CompletableFuture<?>[] sent =
        wanted.entrySet().stream()
            .map(each -> sendAgain(made, each.getKey(), each.getValue()))
            .toArray(CompletableFuture<?>[]::new);
    if (connectedBefore) {
      var unused =
          CompletableFuture.allOf(sent)
              .thenRun(() -> {
                log.warn(
                    "messages may have been missed, there was no connection to redis",
                    "broker",
                    broker,
                    "topics",
                    sent.length);
                listener.interrupted();
              });
    }
    connectedBefore = true;
  }

  private CompletableFuture<?> sendAgain(
      StatefulRedisPubSubConnection<String, byte[]> to,
      String topic,
      CompletableFuture<Void> ready) {
    CompletableFuture<?> sent = send(to, topic, ready);
    if (!wanted.containsKey(topic)) {
      // Its end went ahead of this.
      end(topic);
    }
    return sent;
  }

  private void replace(StatefulRedisPubSubConnection<String, byte[]> ended) {
    connection.lost(ended);
    discard(ended);
  }

  @Override
  public void discard(StatefulRedisPubSubConnection<String, byte[]> made) {
    var unused = made.closeAsync();
  }

  /** Whoever publishes over the other connection tells. */
  @Override
  public void down(IOException cause) {
    log.debug("redis cannot be listened to", "broker", broker, "error", cause.getMessage());
  }

  @Override
  public void up() {}

  /** Any command shows whether the server is there; {@link SilenceHandler} waits for its answer. */
  private void askForLife() {
    StatefulRedisPubSubConnection<String, byte[]> now = connection.current();
    if (now != null) {
      var unused = now.async().subscribe(ALIVE_CHANNEL);
    }
    again(ALIVE);
  }

  private void again(Duration later) {
    if (!closed) {
      var unused = timer.newTimeout(_ -> askForLife(), later.toNanos(), NANOSECONDS);
    }
  }

  /** Ends it all. A second call does nothing. */
  void close(Deadline deadline) throws InterruptedException {
    closed = true;
    IOException why = new IOException(config.name() + ": it was closed");
    wanted.forEach((topic, ready) -> ready.completeExceptionally(why));
    wanted.clear();
    StatefulRedisPubSubConnection<String, byte[]> last = connection.close(deadline.remaining());
    if (last != null) {
      discard(last);
    }
    RedisDialer.shutdown(client, deadline);
  }
}
