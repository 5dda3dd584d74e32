package dev.rr.plugin.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.rr.api.plugin.Deadline;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to the broker.
 *
 * @param id the job's, by which the broker's word that no queue has taken it is told apart
 * @param delayed the queue in which it waits until it is due; null for one that is due
 * @param mandatory whether a queue has to take it
 * @param deadline after which nobody waits for it
 * @param done the broker has it; fails with {@link Unroutable} when no queue was there, with {@link
 *     Late} when it may have come too late
 */
record Outgoing(
    String id,
    String exchange,
    String key,
    @Nullable DelayQueue delayed,
    boolean mandatory,
    BasicProperties properties,
    byte[] body,
    Deadline deadline,
    CompletableFuture<Void> done) {
  /** No queue has taken it. */
  static final class Unroutable extends Exception {
    private static final long serialVersionUID = 1L;

    Unroutable(String exchange, String key) {
      super("no queue takes what is published to '" + exchange + "' with the key '" + key + "'");
    }
  }

  /** The queue of delayed jobs may have gone before it took the message. */
  static final class Late extends Exception {
    private static final long serialVersionUID = 1L;

    private final long declaredAt;

    Late(long declaredAt) {
      super("the broker took longer than the job's delay; whether the job was kept is not known");
      this.declaredAt = declaredAt;
    }

    long declaredAt() {
      return declaredAt;
    }
  }

  /** What it takes of the memory for messages without an answer, in bytes. */
  int size() {
    return 1024 + body.length;
  }

  /** The same for another attempt. */
  Outgoing again() {
    return new Outgoing(
        id,
        exchange,
        key,
        delayed,
        mandatory,
        properties,
        body,
        deadline,
        new CompletableFuture<>());
  }
}
