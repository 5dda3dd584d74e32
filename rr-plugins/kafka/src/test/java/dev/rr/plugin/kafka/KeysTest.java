package dev.rr.plugin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What the keys mean to the library, and what is said of those that are wrong. */
class KeysTest {
  private static PipelineKeys keys(Map<String, ?> keys) {
    return TestKafka.spec("p", keys).config().bind(PipelineKeysBinder.INSTANCE);
  }

  private static void assertRefused(Map<String, ?> keys, String... words) {
    assertThatThrownBy(() -> keys(keys))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void aProducerIsAsSafeAndQuickAsUpstreams() {
    assertThat(ProducerKeys.DEFAULT.properties())
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("max.request.size", 1_000_012)
        .containsEntry("request.timeout.ms", 10_000)
        .containsEntry("delivery.timeout.ms", 60_000)
        .containsEntry("linger.ms", 0)
        .containsEntry("compression.type", "none");
  }

  @Test
  void whatPhpDeclaresIsDecoded() {
    PipelineKeys keys =
        keys(
            Map.of(
                "name", "p",
                "auto_create_topics_enable", "true",
                "producer_options",
                    """
                    {"disable_idempotent": false, "required_acks": "LeaderAck", "max_message_bytes": 1000,
                     "request_timeout": "3s", "delivery_timeout": 100, "transaction_timeout": 100,
                     "compression_codec": "snappy", "partitioning_strategy": "RoundRobin"}\
                    """,
                "consumer_options",
                    """
                    {"topics": ["a", "b"], "consume_regexp": true, "max_fetch_message_size": 100,
                     "min_fetch_message_size": 5, "consumer_offset": {"type": "Relative", "value": -3}}\
                    """,
                "group_options",
                    """
                    {"group_id": "g", "instance_id": "i", "block_rebalance_on_poll": true}\
                    """));
    assertThat(keys.autoCreateTopicsEnable()).isTrue();
    assertThat(keys.producerOptions().orElseThrow().properties())
        .containsEntry("acks", "1")
        .containsEntry("enable.idempotence", false)
        .containsEntry("max.request.size", 1000)
        .containsEntry("request.timeout.ms", 3_000)
        .containsEntry("delivery.timeout.ms", 100_000)
        .containsEntry("compression.type", "snappy")
        .containsEntry("partitioner.class", RoundRobinPartitioner.class);
    ConsumerKeys consumer = keys.consumerOptions().orElseThrow();
    assertThat(consumer.start()).isEqualTo(new StartOffset(StartOffset.Kind.RELATIVE, -3));
    assertThat(consumer.pattern().matcher("xay").matches()).isTrue();
    assertThat(consumer.pattern().matcher("xcy").matches()).isFalse();
    assertThat(keys.groupOptions())
        .isEqualTo(Optional.of(new GroupKeys("g", "i", Duration.ofSeconds(15), true)));
    assertThat(keys.topics()).isEqualTo("a,b");
  }

  @Test
  void partitionsAreConsumedWhereNoTopicsAreNamed() {
    String partitions =
        """
        "consume_partitions": {"Tip": {"0": {"type": "At", "value": 7}, "2": {"type": "AtEnd"}}}\
        """;
    ConsumerKeys alone =
        keys(Map.of("consumer_options", "{" + partitions + "}")).consumerOptions().orElseThrow();
    assertThat(alone.partitions())
        .isEqualTo(
            Map.of(
                new TopicPartition("Tip", 0), new StartOffset(StartOffset.Kind.AT, 7),
                new TopicPartition("Tip", 2), new StartOffset(StartOffset.Kind.AT_END, 0)));
    assertThat(alone.topicNames()).containsExactly("Tip");
    assertThat(
            keys(Map.of("consumer_options", "{\"topics\": [\"a\"], " + partitions + "}"))
                .consumerOptions()
                .orElseThrow()
                .partitions())
        .isEmpty();
  }

  @Test
  void whatIsWrongIsToldInUpstreamsWords() {
    assertRefused(
        Map.of("group_options", "{}"), "group_id", "no group ID defined for group options");
    assertRefused(
        Map.of("consumer_options", "{\"consume_regexp\": true}"),
        "topics and consume partitions should not be empty for the consumer");
    assertRefused(
        Map.of("producer_options", "{\"required_acks\": \"AllISRAk\"}"),
        "required_acks",
        "unknown ACK option provided: AllISRAk",
        "did you mean AllISRAck?");
    assertRefused(
        Map.of("producer_options", "{\"partitioning_strategy\": \"x\"}"),
        "unknown partitioning strategy: x");
    assertRefused(
        Map.of("producer_options", "{\"compression_codec\": \"brotli\"}"),
        "unknown compression codec: brotli",
        "gzip, snappy, lz4, zstd");
    assertRefused(
        Map.of("sasl_options", "{\"mechanism\": \"aws_msk_iam\"}"),
        "unknown SASL authorization mechanism: aws_msk_iam");
    assertRefused(
        Map.of(
            "consumer_options", "{\"topics\": [\"a\"], \"consumer_offset\": {\"type\": \"Ad\"}}"),
        "unknown type: Ad");
    assertRefused(
        Map.of("consumer_options", "{\"topics\": [\"(\"], \"consume_regexp\": true}"), "topics");
    assertRefused(
        Map.of("consumer_options", "{\"consume_partitions\": {\"t\": {\"x\": {}}}}"),
        "is no partition; expected its number");
  }

  @Test
  void aPasswordIsQuotedForTheLibraryAndNotShown() {
    SaslKeys sasl =
        keys(Map.of(
                "sasl_options",
                """
                {"mechanism": "SCRAM-SHA-256", "username": "u", "password": "a\\"b\\\\", "is_token": true}\
                """))
            .saslOptions()
            .orElseThrow();
    assertThat(sasl.properties())
        .containsEntry("sasl.mechanism", "SCRAM-SHA-256")
        .extractingByKey("sasl.jaas.config")
        .asString()
        .endsWith(" required username=\"u\" password=\"a\\\"b\\\\\" tokenauth=\"true\";");
  }

  @Test
  void brokersWithoutAPortHaveTheUsualOne() {
    assertThat(
            TestKafka.config(Map.of("brokers", List.of("a", "b:1", "[::1]", "[::1]:2")))
                .addresses())
        .containsExactly("a:9092", "b:1", "[::1]:9092", "[::1]:2");
  }
}
