package dev.rr.plugin.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.jobs.Job;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Jobs as records: the key is the id, the value the payload, and headers are what upstream has them
 * be. A job's header with several values is as many headers of that name.
 */
final class Records {
  private static final String JOB = "rr_job";
  private static final String PIPELINE = "rr_pipeline";
  private static final String PRIORITY = "rr_priority";

  private Records() {}

  /**
   * A job that has arrived.
   *
   * @param pipeline that it was pushed to
   */
  record Received(Job job, String pipeline) {}

  static ProducerRecord<byte[], byte[]> of(
      Job job, String topic, @Nullable Integer partition, String pipeline) {
    Headers headers = new RecordHeaders();
    job.headers().forEach((name, values) -> add(headers, name, values));
    headers.add(JOB, job.name().getBytes(UTF_8));
    headers.add(PIPELINE, pipeline.getBytes(UTF_8));
    headers.add(PRIORITY, little(job.options().priority()));
    return new ProducerRecord<>(topic, partition, job.id().getBytes(UTF_8), job.payload(), headers);
  }

  /** The same once more, with these headers instead of those of the same names. */
  static ProducerRecord<byte[], byte[]> copy(
      ConsumerRecord<byte[], byte[]> record,
      Job job,
      Map<String, List<String>> changed,
      boolean samePartition) {
    Headers headers = new RecordHeaders(record.headers().toArray());
    changed.forEach((name, values) -> {
      headers.remove(name);
      add(headers, name, values);
    });
    return new ProducerRecord<>(
        record.topic(),
        samePartition ? (Integer) record.partition() : null,
        job.id().getBytes(UTF_8),
        job.payload(),
        headers);
  }

  private static void add(Headers headers, String name, List<String> values) {
    values.forEach(value -> headers.add(name, value.getBytes(UTF_8)));
  }

  private static byte[] little(long number) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
  }

  static Received received(ConsumerRecord<byte[], byte[]> record) {
    Map<String, List<String>> headers = new HashMap<>();
    String name = "";
    String pipeline = "";
    long priority = 0;
    for (Header header : record.headers()) {
      byte[] value = header.value() == null ? new byte[0] : header.value();
      switch (header.key()) {
        case JOB -> name = new String(value, UTF_8);
        case PIPELINE -> pipeline = new String(value, UTF_8);
        case PRIORITY -> priority = priority(value);
        default ->
            headers
                .computeIfAbsent(header.key(), key -> new ArrayList<>())
                .add(new String(value, UTF_8));
      }
    }
    byte[] key = record.key();
    Job job =
        new Job(
            key == null || key.length == 0 ? UUID.randomUUID().toString() : new String(key, UTF_8),
            name.isEmpty() ? Job.FOREIGN : name,
            record.value() == null ? new byte[0] : record.value(),
            headers,
            new Job.Options(
                priority,
                Duration.ZERO,
                false,
                new Job.LogPlace(record.topic(), "", record.partition(), record.offset())));
    return new Received(job, pipeline.isEmpty() ? Job.FOREIGN : pipeline);
  }

  /** 0, which is that of the pipeline, when another client means something else by it. */
  private static long priority(byte[] value) {
    return value.length == Long.BYTES
        ? ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong()
        : 0;
  }
}
