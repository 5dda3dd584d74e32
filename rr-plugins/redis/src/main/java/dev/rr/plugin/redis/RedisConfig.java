package dev.rr.plugin.redis;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the section of a storage may say whose driver is {@code redis}: upstream's keys. Zero, for a
 * number or a time, is the default. Upstream has a pool, each connection of which carries one call;
 * here one connection carries them all, so keys of the pool bound calls, or say nothing.
 */
@ConfigSection(value = "kv.*.config", driver = "redis")
record RedisConfig(
    @Key(
            fallback = "127.0.0.1:6379",
            doc =
                "Servers: host:port, or the path of a unix socket. Several are a cluster's, those"
                    + " beside master_name are sentinels.")
        List<String> addrs,
    @Key(doc = "The user; empty for the default one.") String username,
    @Key(secret = true, doc = "The password; empty for none.") String password,
    @Key(min = 0, doc = "The number of the database; a cluster has one alone.") int db,
    @Key(doc = "The name under which sentinels know the master.") String masterName,
    @Key(secret = true, doc = "The password of the sentinels; empty for none.")
        String sentinelPassword,
    @Key(doc = "Read from the nearest server, replicas included.") boolean routeByLatency,
    @Key(doc = "Read from any server, replicas included.") boolean routeRandomly,
    @Key(doc = "Read from replicas, where there are any.") boolean readOnly,
    @Key(
            min = -1,
            fallback = "3",
            doc =
                "How often a call is tried again that found no connection or lost it, or met a"
                    + " server that loads or is being replaced; -1 for never.")
        int maxRetries,
    @Key(fallback = "8ms", doc = "How long it is waited before the first of those.")
        Duration minRetryBackoff,
    @Key(fallback = "512ms", doc = "The most that it is waited before one.")
        Duration maxRetryBackoff,
    @Key(fallback = "5s", doc = "How long a call waits for a connection.") Duration dialTimeout,
    @Key(fallback = "3s", doc = "How long an answer is waited for.") Duration readTimeout,
    @Key(doc = "How much longer than that when values are sent; read_timeout by default.")
        Duration writeTimeout,
    @Key(min = 0, max = 1_000_000, doc = "The most calls at once; 1024 by default.") int poolSize,
    @Key(min = 0, doc = "Nothing: there is one connection, which is dialed at the start.")
        int minIdleConns,
    @Key(doc = "Nothing: the connection stays as long as the server keeps it.") Duration maxConnAge,
    @Key(doc = "How long a call beyond pool_size waits; read_timeout and a second by default.")
        Duration poolTimeout,
    @Key(doc = "Nothing: the connection stays as long as the server keeps it.")
        Duration idleTimeout,
    @Key(doc = "Nothing, as upstream.") Duration idleCheckFreq,
    @Key(doc = "Speak TLS.") Optional<Tls> tls)
    implements Checked {
  private static final int DEFAULT_CALLS = 1024;

  RedisConfig {
    addrs = addrs.isEmpty() ? List.of("127.0.0.1:6379") : List.copyOf(addrs);
    maxRetries = maxRetries == 0 ? 3 : maxRetries;
    minRetryBackoff = or(minRetryBackoff, Duration.ofMillis(8));
    maxRetryBackoff = or(maxRetryBackoff, Duration.ofMillis(512));
    dialTimeout = or(dialTimeout, Duration.ofSeconds(5));
    readTimeout = or(readTimeout, Duration.ofSeconds(3));
    writeTimeout = or(writeTimeout, readTimeout);
    poolSize = poolSize == 0 ? DEFAULT_CALLS : poolSize;
    poolTimeout = or(poolTimeout, readTimeout.plusSeconds(1));
  }

  /** TLS, and who this is to the servers. */
  @ConfigSection
  record Tls(
      @Key(doc = "The certificate shown to servers; read again for each connection.") String cert,
      @Key(doc = "Its private key.") String key,
      @Key(doc = "Authorities that are trusted beside the system's.") String rootCa,
      @Key(doc = "Nothing, as upstream.") String clientAuthType) {}

  private static Duration or(Duration given, Duration fallback) {
    return given.isZero() ? fallback : given;
  }

  @Override
  public void check(Section at) {
    addrs.forEach(address -> at.parse("addrs", () -> addressOf(address)));
    if (minRetryBackoff.compareTo(maxRetryBackoff) > 0) {
      at.problem("min_retry_backoff", "is longer than max_retry_backoff");
    }
  }

  private static Address addressOf(String text) {
    return AddressForms.LISTENER.parse(text.startsWith("/") ? "unix://" + text : text);
  }

  List<Address> addresses() {
    return addrs.stream().map(RedisConfig::addressOf).toList();
  }

  /** What the other side is called in messages. */
  String name() {
    return "redis at " + String.join(",", addrs);
  }

  /** Whether the addresses are those of sentinels. */
  boolean hasSentinels() {
    return !masterName.isEmpty();
  }

  /** Whether the addresses are those of a cluster's nodes. */
  boolean isCluster() {
    return !hasSentinels() && addrs.size() > 1;
  }

  /** Whether all calls take one connection, to one server. */
  boolean isSingle() {
    return !isCluster() && !(hasSentinels() && readsReplicas());
  }

  /** Whether replicas are read from. */
  boolean readsReplicas() {
    return routeByLatency || routeRandomly || readOnly;
  }

  /** How long it is waited before the attempt after so many, from 1, that failed. */
  Duration backoff(int failed) {
    Duration pause = minRetryBackoff.multipliedBy(1L << Math.min(failed - 1, 20));
    return pause.compareTo(maxRetryBackoff) < 0 ? pause : maxRetryBackoff;
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "RedisConfig[addrs=%s, username=%s, db=%d]".formatted(addrs, username, db);
  }
}
