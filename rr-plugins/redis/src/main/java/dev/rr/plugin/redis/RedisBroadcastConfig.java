package dev.rr.plugin.redis;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the section of a broker may say whose driver is {@code redis}: the keys of a storage, so
 * that one section can stand for both. Zero, for a number or a time, is the default.
 */
@ConfigSection(value = "broadcast.*.config", driver = "redis")
record RedisBroadcastConfig(
    @Key(
            fallback = "127.0.0.1:6379",
            doc =
                "Servers: host:port, or the path of a unix socket. Several are a cluster's, those"
                    + " beside master_name are sentinels.")
        List<String> addrs,
    @Key(doc = "The user; empty for the default one.") String username,
    @Key(secret = true, doc = "The password; empty for none.") String password,
    @Key(min = 0, doc = "Nothing: messages reach subscribers of every database.") int db,
    @Key(doc = "The name under which sentinels know the master.") String masterName,
    @Key(secret = true, doc = "The password of the sentinels; empty for none.")
        String sentinelPassword,
    @Key(doc = "Nothing: who publishes reads nothing.") boolean routeByLatency,
    @Key(doc = "Nothing: who publishes reads nothing.") boolean routeRandomly,
    @Key(doc = "Nothing: who publishes reads nothing.") boolean readOnly,
    @Key(min = -1, doc = "Nothing: a message that may have arrived is not sent again.")
        int maxRetries,
    @Key(fallback = "8ms", doc = "How long it is waited before the server is dialed again.")
        Duration minRetryBackoff,
    @Key(fallback = "512ms", doc = "Nothing: dialing pauses for 5 seconds at most.")
        Duration maxRetryBackoff,
    @Key(fallback = "5s", doc = "How long a call waits for a connection.") Duration dialTimeout,
    @Key(fallback = "3s", doc = "How long an answer is waited for.") Duration readTimeout,
    @Key(doc = "How much longer than that for messages; read_timeout by default.")
        Duration writeTimeout,
    @Key(min = 0, max = 1_000_000, doc = "The most calls at once; 1024 by default.") int poolSize,
    @Key(min = 0, doc = "Nothing: there are two connections.") int minIdleConns,
    @Key(doc = "Nothing: connections stay as long as the server keeps them.") Duration maxConnAge,
    @Key(doc = "How long a call beyond pool_size waits; read_timeout and a second by default.")
        Duration poolTimeout,
    @Key(doc = "Nothing: connections stay as long as the server keeps them.") Duration idleTimeout,
    @Key(doc = "Nothing, as upstream.") Duration idleCheckFreq,
    @Key(doc = "Speak TLS.") Optional<RedisConfig.Tls> tls)
    implements Checked {

  @Override
  public void check(Section at) {
    connection().check(at);
  }

  /** The same of a storage that reads nothing from replicas, and tries nothing twice. */
  RedisConfig connection() {
    return new RedisConfig(
        addrs,
        username,
        password,
        0,
        masterName,
        sentinelPassword,
        false,
        false,
        false,
        -1,
        minRetryBackoff,
        maxRetryBackoff,
        dialTimeout,
        readTimeout,
        writeTimeout,
        poolSize,
        0,
        Duration.ZERO,
        poolTimeout,
        Duration.ZERO,
        Duration.ZERO,
        tls);
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "RedisBroadcastConfig[addrs=%s, username=%s]".formatted(addrs, username);
  }
}
