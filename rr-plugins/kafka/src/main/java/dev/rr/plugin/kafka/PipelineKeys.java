package dev.rr.plugin.kafka;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import java.util.Optional;

/** What a pipeline may say whose driver is {@code kafka}; upstream's keys and defaults. */
@ConfigSection(value = "jobs.pipelines.*.config", driver = "kafka")
record PipelineKeys(
    @Key(doc = "Whether topics are made that are not there, if the brokers allow it.")
        boolean autoCreateTopicsEnable,
    @Key(doc = "How jobs are pushed.") Optional<ProducerKeys> producerOptions,
    @Key(doc = "What is consumed; without it the pipeline only pushes.")
        Optional<ConsumerKeys> consumerOptions,
    @Key(doc = "With whom it is consumed; without it offsets are not kept.")
        Optional<GroupKeys> groupOptions,
    @Key(doc = "Who this is to the brokers, instead of kafka.sasl.")
        Optional<SaslKeys> saslOptions) {
  /** The queue as workers and lists are told: topics, or what stands for none. */
  String topics() {
    return consumerOptions
        .map(consumer -> String.join(",", consumer.topicNames()))
        .orElse("NO TOPICS");
  }

  /** Where a job goes that names no topic; empty when that is not certain. */
  Optional<String> onlyTopic() {
    return consumerOptions
        .filter(consumer -> !consumer.consumeRegexp() && consumer.topicNames().size() == 1)
        .map(consumer -> consumer.topicNames().getFirst());
  }
}
