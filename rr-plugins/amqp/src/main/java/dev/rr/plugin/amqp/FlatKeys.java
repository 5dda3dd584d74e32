package dev.rr.plugin.amqp;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.util.Map;

/** What a pipeline may say whose driver is {@code amqp}, version 0 and 1; upstream's keys. */
@ConfigSection(value = "jobs.pipelines.*.config", driver = "amqp")
record FlatKeys(
    @Key(
            doc =
                "The form of these keys: 0 and 1 are this one, 2 has exchange and queue as"
                    + " sections.")
        long version,
    @Key(fallback = "10", doc = "Jobs handed over that have no outcome yet.") int prefetch,
    @Key(fallback = "60", doc = "Seconds after which a connection that is away is told again.")
        int redialTimeout,
    @Key(fallback = "amqp.default", doc = "Where jobs are published.") String exchange,
    @Key(fallback = "direct", doc = "direct, fanout, topic or headers.") String exchangeType,
    @Key(doc = "Whether the exchange outlives a restart of the broker.") boolean exchangeDurable,
    @Key(doc = "Whether the exchange goes with the last queue bound to it.")
        boolean exchangeAutoDelete,
    @Key(fallback = "true", doc = "Whether the exchange is declared, not only used.")
        boolean exchangeDeclare,
    @Key(doc = "Where jobs wait; empty for a pipeline that only pushes.") String queue,
    @Key(doc = "What the queue is bound with, and jobs are published with.") String routingKey,
    @Key(doc = "Whether the queue outlives a restart of the broker.") boolean durable,
    @Key(doc = "Whether the queue goes with its last consumer.") boolean queueAutoDelete,
    @Key(doc = "Whether the queue is this connection's own, and goes with it.") boolean exclusive,
    @Key(doc = "Whether the queue goes when the pipeline stops, with what is in it.")
        boolean deleteQueueOnStop,
    @Key(doc = "Whether an acknowledgement counts for all jobs delivered before.")
        boolean multipleAck,
    @Key(doc = "multiple_ack, as RoadRunner 2 spells it.") boolean multipleAsk,
    @Key(doc = "Whether the job of a worker that died comes again.") boolean requeueOnFail,
    @Key(doc = "The consumer's name; roadrunner- and a random one by default.") String consumerId,
    @Key(doc = "Arguments of the queue's declaration.") Section queueHeaders,
    @Key(fallback = "true", doc = "Whether the queue is declared and bound, not only used.")
        boolean queueDeclare,
    @Key(doc = "Nothing: what others put into the queue is always taken.") boolean consumeAll)
    implements Checked {
  @Override
  public void check(Section at) {
    if (version < 0 || version > 1) {
      at.problem("version", "unsupported AMQP pipeline config version: " + version);
    }
    at.parse(
        "exchange_type",
        () -> {
          var unused = PipelineSetup.Exchange.type(exchangeType);
        });
    PipelineSetup.checkNames(
        at,
        Map.of(
            "exchange", exchange,
            "queue", queue,
            "routing_key", routingKey,
            "consumer_id", consumerId));
  }

  PipelineSetup setup() {
    return PipelineSetup.of(
        prefetch,
        redialTimeout,
        new PipelineSetup.Exchange(
            exchange, exchangeType, exchangeDurable, exchangeAutoDelete, exchangeDeclare),
        new PipelineSetup.Queue(
            queue,
            routingKey,
            durable,
            queueAutoDelete,
            exclusive,
            deleteQueueOnStop,
            multipleAck || multipleAsk,
            requeueOnFail,
            consumerId,
            queueHeaders.values(),
            queueDeclare));
  }
}
