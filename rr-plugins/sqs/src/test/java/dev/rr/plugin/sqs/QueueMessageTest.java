package dev.rr.plugin.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.jobs.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

class QueueMessageTest {
  private static Job job(byte[] payload) {
    return new Job(
        "id-1",
        "App\\Job",
        payload,
        Map.of("h", List.of("1", "2")),
        new Job.Options(7, Duration.ofSeconds(5), true, Job.LogPlace.NONE));
  }

  private static Message message(String body, Map<String, MessageAttributeValue> attributes) {
    return Message.builder().body(body).messageAttributes(attributes).build();
  }

  private static MessageAttributeValue value(String type, String text) {
    return MessageAttributeValue.builder().dataType(type).stringValue(text).build();
  }

  private static MessageAttributeValue binary(String text) {
    return MessageAttributeValue.builder()
        .dataType("Binary")
        .binaryValue(SdkBytes.fromUtf8String(text))
        .build();
  }

  @Test
  void aJobLooksAsUpstreamsDoes() {
    QueueMessage message = QueueMessage.of(job("{\"a\":1}".getBytes(UTF_8)));
    assertThat(message.body()).isEqualTo("{\"a\":1}");
    assertThat(message.attributes())
        .containsOnly(
            Map.entry("rr_id", value("String", "id-1")),
            Map.entry("rr_job", value("String", "App\\Job")),
            Map.entry("rr_delay", value("String", "5")),
            Map.entry("rr_headers", binary("{\"h\":[\"1\",\"2\"]}")),
            Map.entry("rr_priority", value("Number", "7")),
            Map.entry("rr_auto_ack", value("String", "true")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text", "", "tab\tline\r\n", "\u0000", "\u001b", "Größe 🐘", "\uffff", " "})
  void everyTextComesBackAsItWas(String payload) {
    comesBack(payload.getBytes(UTF_8));
  }

  @Test
  void soDoBytesThatAreNoText() {
    comesBack(new byte[] {0, 1, -1, 'x'});
    comesBack(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80});
  }

  private static void comesBack(byte[] payload) {
    Job job = job(payload);
    QueueMessage message = QueueMessage.of(job);
    assertThat(message.body())
        .isNotEmpty()
        .matches("[^\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]*");
    Job back = QueueMessage.decode(message(message.body(), message.attributes()));
    assertThat(back.payload()).isEqualTo(payload);
    assertThat(back.headers()).isEqualTo(job.headers());
    assertThat(back.options()).isEqualTo(job.options());
    assertThat(List.of(back.id(), back.name())).containsExactly("id-1", "App\\Job");
  }

  @Test
  void aMessageOfOthersHasTheirAttributesAsHeaders() {
    Job job =
        QueueMessage.decode(
            message(
                "raw",
                Map.of(
                    "text", value("String", "a"),
                    "labelled", value("Number.int", "1"),
                    "bytes", binary("b"),
                    "rr_priority", value("Number", "high"))));
    assertThat(job.name()).isEqualTo("deduced_by_rr");
    assertThat(job.id()).isNotEmpty();
    assertThat(job.payload()).asString(UTF_8).isEqualTo("raw");
    assertThat(job.options()).isEqualTo(Job.Options.NONE);
    assertThat(job.headers())
        .isEqualTo(Map.of("text", List.of("a"), "labelled", List.of("1"), "bytes", List.of("b")));
  }

  @Test
  void attributesOfAJobAreNoHeaders() {
    Job job =
        QueueMessage.decode(
            message("x", Map.of("rr_id", value("String", "1"), "other", value("String", "a"))));
    assertThat(job.headers()).isEmpty();
    assertThat(job.name()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "{\"a\"", "{\"a\":1}"})
  void headersThatAreNoneAreLeftOut(String headers) {
    Job job =
        QueueMessage.decode(
            message("x", Map.of("rr_id", value("String", "1"), "rr_headers", binary(headers))));
    assertThat(job.headers()).isEmpty();
  }

  @Test
  void whatSqsTellsIsTold() {
    Job job = new Job("1", "j", new byte[0], Map.of("own", List.of("a")), Job.Options.NONE);
    Message message =
        Message.builder()
            .attributes(Map.of(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "4"))
            .build();
    assertThat(QueueMessage.told(job, message).headers())
        .isEqualTo(Map.of("own", List.of("a"), "ApproximateReceiveCount", List.of("4")));
  }

  @Test
  void delaysAreWholeSeconds() {
    assertThat(QueueMessage.seconds(Duration.ofMillis(1))).isEqualTo(1);
    assertThat(QueueMessage.seconds(Duration.ofSeconds(900))).isEqualTo(900);
    assertThat(QueueMessage.seconds(Duration.ofDays(100_000_000))).isEqualTo(Integer.MAX_VALUE);
  }
}
