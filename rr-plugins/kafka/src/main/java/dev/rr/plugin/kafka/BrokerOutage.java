package dev.rr.plugin.kafka;

import dev.rr.api.log.Log;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Tells the log once that a consumer has no connection to any broker, and once that it has one
 * again. The library dials by itself, and tells nobody. On the thread that polls.
 */
final class BrokerOutage {
  /** An attempt to dial counts as a connection while it goes on. */
  private static final int SURE = 4;

  private final String pipeline;
  private final String brokers;
  private final Log log;
  private final @Nullable Metric connections;
  private boolean wasThere;
  private boolean away;
  private int others;
  private long since;

  BrokerOutage(String pipeline, String brokers, Consumer<?, ?> consumer, Log log) {
    this.pipeline = pipeline;
    this.brokers = brokers;
    this.log = log;
    this.connections =
        consumer.metrics().entrySet().stream()
            .filter(entry -> entry.getKey().name().equals("connection-count"))
            .map(java.util.Map.Entry::getValue)
            .findFirst()
            .orElse(null);
  }

  /** Looks; called a few times a second. */
  void look() {
    boolean there = connections != null && connections.metricValue() instanceof Double d && d > 0;
    if (!wasThere) {
      wasThere = there;
      return;
    }
    others = there == away ? others + 1 : 0;
    if (others >= SURE) {
      turn(there);
    }
  }

  private void turn(boolean there) {
    others = 0;
    away = !there;
    if (away) {
      since = System.nanoTime();
      log.warn(
          "pipeline connection was closed, redialing", "pipeline", pipeline, "brokers", brokers);
    } else {
      log.info(
          "connection was successfully restored",
          "pipeline",
          pipeline,
          "elapsed",
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
    }
  }
}
