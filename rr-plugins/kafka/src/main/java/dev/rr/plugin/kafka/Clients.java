package dev.rr.plugin.kafka;

import dev.rr.tls.ClientTls;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes the library's clients for one pipeline. Any thread.
 *
 * @param tls files, when TLS is spoken
 */
record Clients(String pipeline, KafkaConfig config, PipelineKeys keys, Optional<ClientTls> tls) {
  /** What a call waits for metadata before it looks at its own deadline again. */
  static final Duration BLOCK = Duration.ofMillis(500);

  /** Of what was pushed and no broker has taken. */
  private static final long MOST_UNSENT = 32L << 20;

  private static final int HEAP_SHARE = 16;

  /** How often is looked for topics and partitions that are new. */
  static final Duration METADATA = Duration.ofSeconds(30);

  Producer<byte[], byte[]> producer() {
    Map<String, Object> all = common();
    all.putAll(keys.producerOptions().orElse(ProducerKeys.DEFAULT).properties());
    all.put("max.block.ms", BLOCK.toMillis());
    long unsent = Math.min(MOST_UNSENT, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    int largest = keys.producerOptions().orElse(ProducerKeys.DEFAULT).maxMessageBytes();
    all.put("buffer.memory", Math.max(unsent, 2L * largest));
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  Consumer<byte[], byte[]> consumer(ConsumerKeys consumed) {
    Map<String, Object> all = common();
    all.putAll(consumed.properties());
    all.put("enable.auto.commit", false);
    all.put("auto.offset.reset", "none");
    all.put("allow.auto.create.topics", keys.autoCreateTopicsEnable());
    all.put("metadata.max.age.ms", METADATA.toMillis());
    all.put("connections.max.idle.ms", -1);
    keys.groupOptions().ifPresent(group -> all.putAll(group.properties()));
    return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Waits for the answer of any broker.
   *
   * @throws KafkaException says why there is none
   */
  void ping(Duration longest) throws InterruptedException {
    try (Admin admin = admin(longest)) {
      var unused =
          admin.describeCluster().clusterId().get(longest.toMillis() + 1, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new KafkaException(KafkaFaults.text(e), e);
    }
  }

  /** Whether the brokers have a topic. */
  boolean hasTopic(String topic, Duration longest) throws InterruptedException {
    try (Admin admin = admin(longest)) {
      var unused =
          admin
              .describeTopics(List.of(topic))
              .allTopicNames()
              .get(longest.toMillis() + 1, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw new KafkaException(KafkaFaults.text(e), e);
    }
  }

  private Admin admin(Duration longest) {
    Map<String, Object> all = common();
    int millis = (int) Math.clamp(longest.toMillis(), 1, Integer.MAX_VALUE);
    all.put("request.timeout.ms", millis);
    all.put("default.api.timeout.ms", millis);
    return Admin.create(all);
  }

  private Map<String, Object> common() {
    Map<String, Object> all = new HashMap<>();
    Optional<SaslKeys> sasl = keys.saslOptions().or(config::sasl);
    all.put("bootstrap.servers", config.addresses());
    all.put("client.id", "rr-kafka-" + pipeline);
    all.put("metric.reporters", List.of());
    all.put("enable.metrics.push", false);
    all.put(
        "security.protocol",
        (sasl.isPresent() ? "SASL_" : "") + (tls.isPresent() ? "SSL" : "PLAINTEXT"));
    sasl.ifPresent(keys -> all.putAll(keys.properties()));
    tls.ifPresent(files -> {
      all.put("ssl.engine.factory.class", SslEngines.class);
      all.put(SslEngines.FILES, files);
    });
    config
        .tls()
        .filter(KafkaConfig.Tls::isUsed)
        .ifPresent(
            given -> all.put("socket.connection.setup.timeout.ms", given.timeout().toMillis()));
    return all;
  }

  /** For messages. */
  String brokers() {
    return String.join(", ", config.addresses());
  }
}
