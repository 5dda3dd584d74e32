package dev.rr.plugin.googlepubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rr.api.jobs.Job;
import dev.rr.plugin.googlepubsub.PubSubProto.PubsubMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PubSubMessagesTest {
  private static Job job(Map<String, List<String>> headers, Duration delay, boolean autoAck) {
    return new Job(
        "job-id",
        "some/php/namespace",
        "{\"hello\":\"world\"}".getBytes(UTF_8),
        headers,
        new Job.Options(3, delay, autoAck, Job.LogPlace.NONE));
  }

  @Test
  void writesUpstreamsAttributes() {
    PubsubMessage message =
        PubSubMessages.encode(job(Map.of("a", List.of("b", "c")), Duration.ofMillis(4001), true));
    assertThat(message.getData().toStringUtf8()).isEqualTo("{\"hello\":\"world\"}");
    assertThat(message.getAttributesMap())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "rr_id", "job-id",
                "rr_job", "some/php/namespace",
                "rr_delay", "5",
                "rr_headers", "{\"a\":[\"b\",\"c\"]}",
                "rr_priority", "3",
                "rr_auto_ack", "true"));
  }

  @Test
  void readsWhatItWrites() {
    Map<String, List<String>> headers =
        Map.of("Ünï", List.of("ж\"\\\n", ""), "none", List.of(), "h", List.of("v"));
    Job job = job(headers, Duration.ofSeconds(7), false);
    Job read = PubSubMessages.decode(PubSubMessages.encode(job));
    assertThat(read).usingRecursiveComparison().isEqualTo(job);
  }

  @Test
  void takesWhatSomebodyElseHasPublished() {
    PubsubMessage foreign =
        PubsubMessage.newBuilder()
            .setData(ByteString.copyFromUtf8("raw"))
            .setMessageId("17")
            .putAttributes("eventType", "OBJECT_FINALIZE")
            .build();
    Job job = PubSubMessages.decode(foreign);
    assertThat(job.name()).isEqualTo("deduced_by_rr");
    assertThat(job.id()).isEqualTo("17");
    assertThat(job.payload()).asString(UTF_8).isEqualTo("raw");
    assertThat(job.headers()).isEqualTo(Map.of("eventType", List.of("OBJECT_FINALIZE")));
    assertThat(job.options()).isEqualTo(Job.Options.NONE);
  }

  @Test
  void takesAttributesThatCannotBeRead() {
    PubsubMessage odd =
        PubsubMessage.newBuilder()
            .putAttributes("rr_id", "i")
            .putAttributes("rr_job", "j")
            .putAttributes("rr_headers", "not-json")
            .putAttributes("rr_delay", "soon")
            .putAttributes("rr_priority", "high")
            .putAttributes("rr_auto_ack", "maybe")
            .build();
    Job job = PubSubMessages.decode(odd);
    assertThat(job.id()).isEqualTo("i");
    assertThat(job.name()).isEqualTo("j");
    assertThat(job.headers()).isEmpty();
    assertThat(job.options()).isEqualTo(Job.Options.NONE);
  }

  @Test
  void headersOfNoneAreNone() {
    PubsubMessage message = PubsubMessage.newBuilder().putAttributes("rr_headers", "null").build();
    assertThat(PubSubMessages.decode(message).headers()).isEmpty();
  }
}
