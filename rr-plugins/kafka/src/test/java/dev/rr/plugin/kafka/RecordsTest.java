package dev.rr.plugin.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.jobs.Job;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RecordsTest {
  private static final Job JOB =
      new Job(
          "id-1",
          "App\\Job",
          "payload".getBytes(UTF_8),
          Map.of("a", List.of("1", "2")),
          new Job.Options(3, Duration.ZERO, true, new Job.LogPlace("topic", "", 2, 0)));

  @Test
  void hasTheFormThatUpstreamReads() {
    ProducerRecord<byte[], byte[]> record = Records.of(JOB, "topic", 2, "pipe");
    assertThat(record.topic()).isEqualTo("topic");
    assertThat(record.partition()).isEqualTo(2);
    assertThat(record.key()).asString(UTF_8).isEqualTo("id-1");
    assertThat(record.value()).asString(UTF_8).isEqualTo("payload");
    Map<String, byte[]> last = new HashMap<>();
    record.headers().forEach(header -> last.put(header.key(), header.value()));
    assertThat(last.keySet())
        .containsExactlyInAnyOrder("a", "rr_job", "rr_pipeline", "rr_priority");
    assertThat(last.get("rr_job")).asString(UTF_8).isEqualTo("App\\Job");
    assertThat(last.get("rr_pipeline")).asString(UTF_8).isEqualTo("pipe");
    assertThat(last.get("rr_priority")).containsExactly(3, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void isReadAsItWasWrittenButForWhatUpstreamDoesNotKeep() {
    ProducerRecord<byte[], byte[]> written = Records.of(JOB, "topic", null, "pipe");
    Records.Received received =
        Records.received(record(written.key(), written.value(), written.headers()));
    assertThat(received.pipeline()).isEqualTo("pipe");
    assertThat(received.job().id()).isEqualTo("id-1");
    assertThat(received.job().name()).isEqualTo("App\\Job");
    assertThat(received.job().headers()).containsExactly(Map.entry("a", List.of("1", "2")));
    assertThat(received.job().options())
        .isEqualTo(new Job.Options(3, Duration.ZERO, false, new Job.LogPlace("topic", "", 1, 42)));
  }

  @Test
  void takesWhatAnotherClientWroteAsAJobOfThePipelinesPriority() {
    Headers headers = new RecordHeaders();
    headers.add("rr_priority", new byte[] {7});
    headers.add("empty", null);
    Records.Received received = Records.received(record(null, null, headers));
    assertThat(received.job().id()).hasSize(36);
    assertThat(received.job().name()).isEqualTo("deduced_by_rr");
    assertThat(received.pipeline()).isEqualTo("deduced_by_rr");
    assertThat(received.job().payload()).isEmpty();
    assertThat(received.job().options().priority()).isZero();
    assertThat(received.job().headers()).containsExactly(Map.entry("empty", List.of("")));
  }

  @Test
  void aCopyHasChangedHeadersAndAllElseAsItWas() {
    byte[] binary = {-1, 0, -2};
    Headers headers = new RecordHeaders();
    headers.add("binary", binary);
    headers.add("attempts", "1".getBytes(UTF_8));
    headers.add("rr_pipeline", "origin".getBytes(UTF_8));
    ConsumerRecord<byte[], byte[]> record =
        record("k".getBytes(UTF_8), "v".getBytes(UTF_8), headers);
    ProducerRecord<byte[], byte[]> copy =
        Records.copy(
            record,
            Records.received(record).job(),
            Map.of("attempts", List.of("2"), "more", List.of("x", "y")),
            true);
    assertThat(copy.partition()).isEqualTo(1);
    assertThat(copy.key()).asString(UTF_8).isEqualTo("k");
    assertThat(copy.headers().lastHeader("binary").value()).isEqualTo(binary);
    assertThat(copy.headers().lastHeader("rr_pipeline").value())
        .asString(UTF_8)
        .isEqualTo("origin");
    assertThat(texts(copy, "attempts")).containsExactly("2");
    assertThat(texts(copy, "more")).containsExactly("x", "y");
  }

  private static List<String> texts(ProducerRecord<byte[], byte[]> record, String name) {
    List<String> texts = new java.util.ArrayList<>();
    for (Header header : record.headers().headers(name)) {
      texts.add(new String(header.value(), UTF_8));
    }
    return texts;
  }

  @SuppressWarnings("NullAway") // The library's records have null for what is not there.
  private static ConsumerRecord<byte[], byte[]> record(
      byte @org.jspecify.annotations.Nullable [] key,
      byte @org.jspecify.annotations.Nullable [] value,
      Headers headers) {
    return new ConsumerRecord<>(
        "topic", 1, 42, 0, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
  }
}
