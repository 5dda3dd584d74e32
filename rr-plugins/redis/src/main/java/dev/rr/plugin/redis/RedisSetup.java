package dev.rr.plugin.redis;

import dev.rr.net.Address;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What a section says, in the library's terms. Immutable. */
final class RedisSetup {
  /** How a cluster is looked at: in turn, and whenever a node says that it has changed. */
  static final ClusterTopologyRefreshOptions LOOKING =
      ClusterTopologyRefreshOptions.builder()
          .enablePeriodicRefresh(Duration.ofSeconds(15))
          .enableAllAdaptiveRefreshTriggers()
          .adaptiveRefreshTriggersTimeout(Duration.ofMillis(500))
          .refreshTriggersReconnectAttempts(1)
          .build();

  private final RedisConfig config;
  private final Path folder;
  private final Optional<SslOptions> tls;

  /**
   * Reads what {@code tls} names.
   *
   * @param section the section's key path, for messages
   * @param folder what relative paths begin at
   * @throws IOException for the user
   */
  RedisSetup(RedisConfig config, String section, Path folder) throws IOException {
    this.config = config;
    this.folder = folder;
    this.tls =
        config.tls().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new RedisTls(config.tls().get(), section + ".tls", folder)
                    .options(config.dialTimeout()));
  }

  /** How long it is waited before a node of a cluster is dialed again, more with each failure. */
  Delay nodeDelay() {
    Duration longest = config.maxRetryBackoff().multipliedBy(4);
    return Delay.exponential(config.minRetryBackoff(), longest, 2, TimeUnit.MILLISECONDS);
  }

  /** What connections have: several to nodes that the library dials again by itself, or one. */
  NettyCustomizer connections() {
    return config.isSingle() ? new NettyCustomizer() {} : watched();
  }

  /** What connections have that end when an answer does not come. */
  NettyCustomizer watched() {
    return new NodeConnections(config.readTimeout().plus(config.writeTimeout()));
  }

  /** The server, or the master and who knows it. */
  RedisURI server() {
    if (!config.hasSentinels()) {
      return authenticated(uri(config.addresses().getFirst()));
    }
    RedisURI master = new RedisURI();
    master.setTimeout(config.dialTimeout());
    master.setSentinelMasterId(config.masterName());
    master.setSsl(tls.isPresent());
    for (Address address : config.addresses()) {
      RedisURI sentinel = uri(address);
      if (!config.sentinelPassword().isEmpty()) {
        sentinel.setAuthentication(config.sentinelPassword());
      }
      master.getSentinels().add(sentinel);
    }
    return authenticated(master);
  }

  /** Nodes of the cluster, from which the others are learnt. */
  List<RedisURI> nodes() {
    return config.addresses().stream().map(a -> authenticated(uri(a))).toList();
  }

  private RedisURI uri(Address address) {
    RedisURI uri = new RedisURI();
    switch (address) {
      case Address.Unix unix -> uri.setSocket(folder.resolve(unix.path()).toString());
      case Address.Tcp tcp -> {
        uri.setHost(tcp.host().isEmpty() ? "127.0.0.1" : tcp.host());
        uri.setPort(tcp.port());
      }
    }
    uri.setTimeout(config.dialTimeout());
    uri.setSsl(tls.isPresent());
    return uri;
  }

  private RedisURI authenticated(RedisURI uri) {
    if (!config.username().isEmpty()) {
      uri.setAuthentication(config.username(), config.password());
    } else if (!config.password().isEmpty()) {
      uri.setAuthentication(config.password());
    }
    if (!config.isCluster()) {
      uri.setDatabase(config.db());
    }
    return uri;
  }

  /**
   * What all connections have: commands fail at once while there is none, and wait for nobody's
   * timer, since callers wait with a deadline. RESP2 does, and servers of every age speak it.
   */
  <B extends ClientOptions.Builder> B options(B builder) {
    builder
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
        .protocolVersion(ProtocolVersion.RESP2)
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(
            SocketOptions.builder().connectTimeout(config.dialTimeout()).keepAlive(true).build());
    tls.ifPresent(builder::sslOptions);
    return builder;
  }
}
