package dev.rr.plugin.amqp;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A queue without consumers in which jobs wait for so long, and then go to the pipeline's exchange:
 * upstream's, by name and arguments. It goes itself when it was not declared for twice that time,
 * whatever is in it, so a message has to be there within the first half.
 *
 * @param name upstream's
 * @param millis how long jobs wait
 * @param exchange where they go then
 * @param key with which they go
 */
record DelayQueue(String name, long millis, String exchange, String key) {
  /** Twice of it has to be less than the broker's largest time, 2^32 milliseconds. */
  static final Duration LONGEST = Duration.ofSeconds(2_147_483);

  static DelayQueue of(PipelineSetup setup, Duration delay, String key) {
    PipelineSetup.Queue queue = setup.queue();
    String exchange = setup.exchange().name();
    String usual = "delayed-" + delay.toMillis() + "." + exchange + "." + queue.nameOrKey();
    // Upstream has one queue for all keys, which the broker refuses for the second of them.
    String name = key.equals(queue.routingKey()) ? usual : usual + "." + key;
    return new DelayQueue(name, delay.toMillis(), exchange, key);
  }

  /** Declares it, which begins its time anew. */
  void declare(Channel on) throws IOException {
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("x-dead-letter-exchange", exchange);
    arguments.put("x-dead-letter-routing-key", key);
    arguments.put("x-message-ttl", millis);
    arguments.put("x-expires", 2 * millis);
    var declared = on.queueDeclare(name, true, false, false, arguments);
  }
}
