package dev.rr.plugin.redis;

import dev.rr.api.plugin.Deadline;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.masterreplica.MasterReplica;
import io.lettuce.core.masterreplica.StatefulRedisMasterReplicaConnection;
import io.lettuce.core.protocol.ConnectionIntent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Makes connections: to one server, to the master that sentinels know, or to a cluster. Knows
 * nothing of kv. One thread at a time dials.
 */
sealed interface RedisDialer {
  /** Keys are text, values bytes. */
  RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  /** For one connection. */
  int MOST_ATTEMPTS = 5;

  /** The dialer for a section; touches nothing yet. */
  static RedisDialer of(RedisConfig config, RedisSetup setup, RedisResources resources) {
    return config.isCluster()
        ? new Cluster(config, setup, resources)
        : new Server(config, setup, resources);
  }

  /**
   * Makes a connection.
   *
   * @throws IOException says who was asked and what came of it
   */
  RedisLink dial() throws IOException, InterruptedException;

  /** Closes every connection that was made. */
  void close(Deadline deadline);

  /** Where a section's reads go, when not to masters alone. */
  static ReadFrom readFrom(RedisConfig config) {
    if (config.routeByLatency()) {
      return ReadFrom.LOWEST_LATENCY;
    }
    return config.routeRandomly() ? ReadFrom.ANY : ReadFrom.REPLICA_PREFERRED;
  }

  /**
   * Asks for a connection and waits for it, so long at most. Asks again where the library has
   * missed why the server refused: the next time it may tell.
   */
  static <T> T await(Supplier<CompletionStage<T>> dial, RedisConfig config, Duration longest)
      throws IOException, InterruptedException {
    Deadline deadline = Deadline.after(longest);
    int attempt = 1;
    while (true) {
      try {
        return await(dial.get(), deadline);
      } catch (ExecutionException e) {
        Throwable cause = RedisFaults.cause(e);
        if (!RedisFaults.isMissedRefusal(cause) || ++attempt > MOST_ATTEMPTS) {
          throw new IOException(config.name() + ": " + RedisFaults.reason(cause), cause);
        }
      } catch (TimeoutException e) {
        throw new IOException(
            config.name() + ": no connection within " + longest.toMillis() + " ms", e);
      }
    }
  }

  private static <T> T await(CompletionStage<T> made, Deadline deadline)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      return made.toCompletableFuture().get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | InterruptedException e) {
      made.toCompletableFuture().cancel(true);
      throw e;
    }
  }

  /** Closes a client and all its connections. */
  static void shutdown(AbstractRedisClient client, Deadline deadline) {
    long millis = deadline.remaining().toMillis();
    var closing = client.shutdownAsync(0, millis, TimeUnit.MILLISECONDS);
    try {
      closing.get(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // What is left is cut off with the loops.
    }
  }

  /** One server, or the one that sentinels call the master. */
  final class Server implements RedisDialer {
    private final RedisConfig config;
    private final RedisURI uri;
    private final boolean replicas;
    private final RedisClient client;
    private final Executor loop;

    private Server(RedisConfig config, RedisSetup setup, RedisResources resources) {
      this.config = config;
      this.loop = resources.threads().loops().group();
      this.uri = setup.server();
      this.replicas = !config.isSingle();
      this.client = RedisClient.create(resources);
      ClientOptions.Builder options = setup.options(ClientOptions.builder());
      client.setOptions(options.autoReconnect(replicas).build());
    }

    @Override
    public RedisLink dial() throws IOException, InterruptedException {
      if (replicas) {
        StatefulRedisMasterReplicaConnection<String, byte[]> made =
            await(
                () -> MasterReplica.connectAsync(client, CODEC, List.of(uri)),
                config,
                config.dialTimeout());
        made.setReadFrom(readFrom(config));
        return new RedisLink(made, made.async(), false, loop);
      }
      StatefulRedisConnection<String, byte[]> made =
          await(() -> client.connectAsync(CODEC, uri), config, config.dialTimeout());
      return new RedisLink(made, made.async(), true, loop);
    }

    @Override
    public void close(Deadline deadline) {
      shutdown(client, deadline);
    }
  }

  /** A cluster, whose nodes the library finds and dials. */
  final class Cluster implements RedisDialer {
    private final RedisConfig config;
    private final RedisClusterClient client;
    private final Executor loop;

    private Cluster(RedisConfig config, RedisSetup setup, RedisResources resources) {
      this.config = config;
      this.loop = resources.threads().loops().group();
      this.client = RedisClusterClient.create(resources, setup.nodes());
      ClusterClientOptions.Builder options = ClusterClientOptions.builder();
      setup.options(options);
      client.setOptions(options.topologyRefreshOptions(RedisSetup.LOOKING).build());
    }

    @Override
    public RedisLink dial() throws IOException, InterruptedException {
      Deadline deadline = Deadline.after(config.dialTimeout());
      await(client::refreshPartitionsAsync, config, deadline.remaining());
      StatefulRedisClusterConnection<String, byte[]> made =
          await(() -> client.connectAsync(CODEC), config, deadline.remaining());
      if (config.readsReplicas()) {
        made.setReadFrom(readFrom(config));
      }
      dialNodes(made, deadline.remaining().dividedBy(2));
      return new RedisLink(made, made.async(), false, loop);
    }

    /**
     * Has the nodes dialed of which the library would learn with the first call to each, which it
     * would refuse. One that is away keeps nobody from the others.
     */
    private void dialNodes(StatefulRedisClusterConnection<String, byte[]> to, Duration longest)
        throws InterruptedException {
      CompletableFuture<?>[] nodes =
          to.getPartitions().stream()
              .filter(this::isCalled)
              .map(node -> dialNode(to, node))
              .toArray(CompletableFuture[]::new);
      try {
        var _ = CompletableFuture.allOf(nodes).get(longest.toNanos(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException | TimeoutException e) {
        // Calls to it are told.
      }
    }

    private boolean isCalled(RedisClusterNode node) {
      return isMaster(node) ? !node.hasNoSlots() : config.readsReplicas();
    }

    private static boolean isMaster(RedisClusterNode node) {
      return node.is(RedisClusterNode.NodeFlag.UPSTREAM);
    }

    private static CompletableFuture<?> dialNode(
        StatefulRedisClusterConnection<String, byte[]> to, RedisClusterNode node) {
      ConnectionIntent intent = isMaster(node) ? ConnectionIntent.WRITE : ConnectionIntent.READ;
      return to.getConnectionAsync(node.getUri().getHost(), node.getUri().getPort(), intent);
    }

    @Override
    public void close(Deadline deadline) {
      shutdown(client, deadline);
    }
  }
}
