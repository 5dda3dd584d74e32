package dev.rr.plugin.amqp;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.util.Map;
import java.util.Optional;

/** What a pipeline may say whose driver is {@code amqp}, version 2; upstream's keys. */
@ConfigSection
record NestedKeys(
    @Key(doc = "The form of these keys: 2.") long version,
    @Key(fallback = "10", doc = "Jobs handed over that have no outcome yet.") int prefetch,
    @Key(fallback = "60", doc = "Seconds after which a connection that is away is told again.")
        int redialTimeout,
    @Key(doc = "Where jobs are published.") Optional<ExchangeKeys> exchange,
    @Key(doc = "Where jobs wait; without a name the pipeline only pushes.")
        Optional<QueueKeys> queue)
    implements Checked {
  /** As the flat keys that begin with exchange. */
  @ConfigSection
  record ExchangeKeys(
      @Key(fallback = "amqp.default") String name,
      @Key(fallback = "direct", doc = "direct, fanout, topic or headers.") String type,
      boolean durable,
      boolean autoDelete,
      @Key(fallback = "true") boolean declare)
      implements Checked {
    @Override
    public void check(Section at) {
      at.parse(
          "type",
          () -> {
            var unused = PipelineSetup.Exchange.type(type);
          });
      PipelineSetup.checkNames(at, Map.of("name", name));
    }
  }

  /** As the flat keys of the queue. */
  @ConfigSection
  record QueueKeys(
      String name,
      String routingKey,
      boolean durable,
      boolean autoDelete,
      boolean exclusive,
      boolean deleteOnStop,
      boolean multipleAck,
      boolean requeueOnFail,
      String consumerId,
      Section headers,
      @Key(fallback = "true") boolean declare)
      implements Checked {
    @Override
    public void check(Section at) {
      PipelineSetup.checkNames(
          at, Map.of("name", name, "routing_key", routingKey, "consumer_id", consumerId));
    }
  }

  @Override
  public void check(Section at) {
    if (exchange.isEmpty() && queue.isEmpty()) {
      at.problem(null, "exchange or queue configuration is required for AMQP config version 2");
    }
  }

  PipelineSetup setup() {
    return PipelineSetup.of(
        prefetch,
        redialTimeout,
        exchange
            .map(e ->
                new PipelineSetup.Exchange(
                    e.name(), e.type(), e.durable(), e.autoDelete(), e.declare()))
            .orElseGet(() -> new PipelineSetup.Exchange("", "", false, false, true)),
        queue
            .map(NestedKeys::queue)
            .orElseGet(() ->
                new PipelineSetup.Queue(
                    "", "", false, false, false, false, false, false, "", Map.of(), true)));
  }

  private static PipelineSetup.Queue queue(QueueKeys q) {
    return new PipelineSetup.Queue(
        q.name(),
        q.routingKey(),
        q.durable(),
        q.autoDelete(),
        q.exclusive(),
        q.deleteOnStop(),
        q.multipleAck(),
        q.requeueOnFail(),
        q.consumerId(),
        q.headers().values(),
        q.declare());
  }
}
