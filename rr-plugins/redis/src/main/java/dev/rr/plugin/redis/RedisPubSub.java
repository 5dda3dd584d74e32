package dev.rr.plugin.redis;

import dev.rr.api.broadcast.PubSub;
import dev.rr.api.broadcast.Publication;
import dev.rr.api.error.OperationException;
import dev.rr.api.plugin.Deadline;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A broker in Redis: topics are its channels, payloads its messages as they are. One connection
 * publishes, another listens. Any thread.
 */
final class RedisPubSub implements PubSub {
  /** Commands that one call has under way. */
  private static final int BATCH = 1000;

  private final RedisConfig config;
  private final RedisCalls calls;
  private final RedisSubscriptions subscriptions;
  private final Runnable closed;

  /** Whom it speaks to: what is published there reaches every subscriber, of any database. */
  private record Destination(Set<String> addresses, String master) {}

  /**
   * A broker over connections, which it closes.
   *
   * @param closed told when that is done
   */
  RedisPubSub(
      RedisConfig config, RedisCalls calls, RedisSubscriptions subscriptions, Runnable closed) {
    this.config = config;
    this.calls = calls;
    this.subscriptions = subscriptions;
    this.closed = closed;
  }

  @Override
  public void publish(List<Publication> messages) throws OperationException, InterruptedException {
    try {
      var unused =
          calls.inTurn(() -> {
            for (int from = 0; from < messages.size(); from += BATCH) {
              send(messages.subList(from, Math.min(from + BATCH, messages.size())));
            }
            return messages;
          });
    } catch (InterruptedException | OperationException e) {
      throw e;
    } catch (Exception e) {
      throw OperationException.within("redis_driver_publish", e);
    }
  }

  private void send(List<Publication> batch) throws Exception {
    var unused =
        calls.all(
            config.readTimeout().plus(config.writeTimeout()),
            to -> batch.stream().map(m -> to.publish(m.topic(), m.payload())).toList());
  }

  @Override
  public CompletionStage<Void> subscribe(String topic) {
    return subscriptions.subscribe(topic);
  }

  @Override
  public void unsubscribe(String topic) {
    subscriptions.unsubscribe(topic);
  }

  @Override
  public Object destination() {
    return new Destination(new HashSet<>(config.addrs()), config.masterName());
  }

  @Override
  public void close(Deadline deadline) throws InterruptedException {
    try {
      subscriptions.close(deadline);
    } finally {
      calls.close(deadline);
      closed.run();
    }
  }
}
