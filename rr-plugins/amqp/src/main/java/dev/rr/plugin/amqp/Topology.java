package dev.rr.plugin.amqp;

import com.rabbitmq.client.Channel;
import dev.rr.plugin.amqp.PipelineSetup.Exchange;
import dev.rr.plugin.amqp.PipelineSetup.Queue;
import java.io.IOException;

/**
 * What a pipeline needs at the broker, declared again whenever there may be none: it changes
 * nothing that is there.
 */
record Topology(Exchange exchange, Queue queue) {
  void declareExchange(Channel on) throws IOException {
    if (exchange.declare()) {
      var unused =
          on.exchangeDeclare(
              exchange.name(), exchange.type(), exchange.durable(), exchange.autoDelete(), null);
    }
  }

  /** The exchange, the queue, and the way between them. */
  void declare(Channel on) throws IOException {
    declareExchange(on);
    if (queue.isNamed() && queue.declare()) {
      var declared =
          on.queueDeclare(
              queue.name(),
              queue.durable(),
              queue.exclusive(),
              queue.autoDelete(),
              queue.arguments());
      var bound = on.queueBind(queue.name(), exchange.name(), queue.routingKey());
    }
  }
}
