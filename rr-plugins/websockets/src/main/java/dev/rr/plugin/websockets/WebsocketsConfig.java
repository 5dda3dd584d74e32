package dev.rr.plugin.websockets;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.api.worker.PoolConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * The {@code websockets} section; upstream's keys and defaults, and limits that it does not have.
 */
@ConfigSection("websockets")
record WebsocketsConfig(
    @Key(doc = "The broker, one of those under broadcast.") String broker,
    @Key(fallback = "/ws", doc = "The path that clients connect to.") String path,
    @Key(
            fallback = "*",
            doc = "The origin that pages of clients must have; one * stands for any characters.")
        String allowedOrigin,
    @Key(fallback = "20000", min = 0, doc = "Clients at once; 0 is no limit.") int maxConnections,
    @Key(fallback = "1000", min = 1, doc = "Topics that one client may have joined.") int maxTopics,
    @Key(
            fallback = "65536",
            min = 125,
            max = 16_777_216,
            doc = "Bytes that a message of a client may have, unpacked.")
        int maxMessageSize,
    @Key(
            fallback = "1048576",
            min = 1024,
            max = 1_073_741_824,
            doc = "Bytes that may wait for a client that reads slowly.")
        int maxPending,
    @Key(
            fallback = "close",
            doc =
                "What is done about a client for which more would wait: close it, or drop"
                    + " messages.")
        SlowConsumer slowConsumer,
    @Key(
            fallback = "30s",
            doc =
                "After such a silence a client is asked for a sign of life, and closed after two;"
                    + " 0 is 30s.")
        Duration pingInterval,
    @Key(fallback = "60s", doc = "How long PHP may take to say who may join; 0 is 60s.")
        Duration authTimeout,
    @Key(fallback = "true", doc = "Pack messages for clients that can unpack them.")
        boolean compression,
    Events events,
    Optional<PoolConfig> pool)
    implements Checked {
  /** What is done about a client that reads more slowly than it is written to. */
  enum SlowConsumer {
    CLOSE,
    DROP
  }

  /** Server-sent events. */
  @ConfigSection
  record Events(
      @Key(doc = "The path of server-sent events; empty for none.") String path,
      @Key(
              fallback = "100",
              min = 0,
              max = 100_000,
              doc = "Messages of each topic that are kept for clients that come back.")
          int history,
      @Key(
              fallback = "16",
              min = 1,
              max = 65_536,
              doc = "Megabytes that all kept messages may take.")
          int historySize,
      @Key(
              fallback = "5m",
              doc = "How long the messages of a topic are kept that nobody listens to; 0 is 5m.")
          Duration historyTtl) {
    private static final long MEGABYTE = 1024L * 1024;

    Events {
      historyTtl = historyTtl.isZero() ? Duration.ofMinutes(5) : historyTtl;
    }

    boolean isOn() {
      return !path.isEmpty();
    }

    Hub.History kept() {
      return isOn()
          ? new Hub.History(history, historySize * MEGABYTE, historyTtl)
          : Hub.History.NONE;
    }
  }

  WebsocketsConfig {
    path = path.isEmpty() ? "/ws" : path;
    allowedOrigin = allowedOrigin.isEmpty() ? "*" : allowedOrigin;
    pingInterval = pingInterval.isZero() ? Duration.ofSeconds(30) : pingInterval;
    authTimeout = authTimeout.isZero() ? Duration.ofSeconds(60) : authTimeout;
  }

  @Override
  public void check(Section at) {
    if (broker.isEmpty()) {
      at.problem("broker", "broker key should be specified");
    }
    if (!path.startsWith("/")) {
      at.problem("path", "'" + path + "' has to begin with a slash");
    }
    if (events.isOn() && (!events.path().startsWith("/") || events.path().equals(path))) {
      at.section("events")
          .problem(
              "path", "'" + events.path() + "' has to begin with a slash and to differ from path");
    }
  }

  /** Upstream's default has two workers. */
  PoolConfig workers() {
    return pool.orElseGet(() -> PoolConfig.of(2));
  }
}
