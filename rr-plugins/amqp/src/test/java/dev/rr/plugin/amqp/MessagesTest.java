package dev.rr.plugin.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.LongStringHelper;
import dev.rr.api.jobs.Job;
import dev.rr.testing.jobs.TestJobs;
import dev.rr.testing.worker.RecordingLog;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessagesTest {
  private final RecordingLog log = new RecordingLog();
  private final Messages messages = new Messages("p", log);

  private Messages.Received received(Map<String, Object> headers) {
    return messages.received(
        new BasicProperties.Builder().headers(headers).build(), "body".getBytes(UTF_8));
  }

  @Test
  void aMessageHasUpstreamsHeadersInUpstreamsTypes() {
    Job job =
        new Job(
            "id",
            "task",
            new byte[0],
            Map.of("a", List.of("<b>")),
            new Job.Options(3, Duration.ofSeconds(5), true, Job.LogPlace.NONE));
    BasicProperties properties = messages.properties(job, "");
    Map<String, Object> headers = new LinkedHashMap<>(properties.getHeaders());
    assertThat((byte[]) headers.remove("rr_headers"))
        .asString(UTF_8)
        .isEqualTo("{\"a\":[\"\\u003cb\\u003e\"]}");
    assertThat(headers)
        .isEqualTo(
            Map.of(
                "rr_id",
                "id",
                "rr_job",
                "task",
                "rr_pipeline",
                "p",
                "rr_delay",
                5,
                "rr_priority",
                3L,
                "rr_auto_ack",
                true));
    assertThat(properties.getContentType()).isEqualTo("application/octet-stream");
    assertThat(properties.getDeliveryMode()).isEqualTo(2);
    assertThat(properties.getTimestamp()).isNotNull();
  }

  @Test
  void aCopyKeepsTheHeadersOfItsJobAndNotThoseOfItsMessage() {
    Map<String, Object> first = new LinkedHashMap<>();
    first.put("rr_id", LongStringHelper.asLongString("id"));
    first.put("rr_headers", "{\"own\":[\"1\"]}".getBytes(UTF_8));
    Job job = received(first).job();
    assertThat(job.headers()).containsKeys("rr_id", "rr_headers", "own");
    BasicProperties copy = messages.properties(job, "other");
    assertThat((byte[]) copy.getHeaders().get("rr_headers"))
        .asString(UTF_8)
        .isEqualTo("{\"own\":[\"1\"]}");
    assertThat(copy.getHeaders()).containsEntry("rr_pipeline", "other");
  }

  @Test
  void aRoutingKeyIsTakenFromAHeaderThatHasOneAndNeverSentOn() {
    for (List<String> values :
        List.of(List.of("k"), List.of("a", "b"), List.of(""), List.<String>of())) {
      Job job = TestJobs.job("", Map.of("x-routing-key", values), Duration.ZERO);
      assertThat(Messages.routingKey(job)).isEqualTo(values.equals(List.of("k")) ? "k" : "");
      assertThat((byte[]) messages.properties(job, "").getHeaders().get("rr_headers"))
          .asString(UTF_8)
          .isEqualTo("{}");
    }
  }

  @Test
  void aMessageOfOthersIsAJobWhoseHeadersAreTexts() {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put("text", LongStringHelper.asLongString("ж"));
    headers.put("long", 7L);
    headers.put("int", 7);
    headers.put("short", (short) 7);
    headers.put("byte", (byte) 7);
    headers.put("double", 2.3);
    headers.put("float", 2.3f);
    headers.put("bool", true);
    headers.put("bytes", "x".getBytes(UTF_8));
    headers.put("decimal", new BigDecimal("1.50"));
    headers.put("time", new Date(0));
    headers.put("list", List.of(1, LongStringHelper.asLongString("2"), List.of(3)));
    headers.put("table", Map.of("inner", 1, "deep", Map.of("deeper", 2)));
    headers.put("nothing", null);
    Messages.Received received = received(headers);
    assertThat(received.job().name()).isEqualTo("deduced_by_rr");
    assertThat(received.job().id()).hasSize(36);
    assertThat(received.job().payload()).asString(UTF_8).isEqualTo("body");
    assertThat(received.job().options()).isEqualTo(Job.Options.NONE);
    assertThat(received.pipeline()).isEmpty();
    Map<String, List<String>> expected = new LinkedHashMap<>();
    expected.put("text", List.of("ж"));
    expected.put("long", List.of("7"));
    expected.put("int", List.of("7"));
    expected.put("short", List.of("7"));
    expected.put("byte", List.of("7"));
    expected.put("double", List.of("2.30000"));
    expected.put("float", List.of("2.30000"));
    expected.put("bool", List.of("true"));
    expected.put("bytes", List.of("x"));
    expected.put("decimal", List.of("1.50"));
    expected.put("list", List.of("1", "2", "3"));
    expected.put("inner", List.of("1"));
    expected.put("deeper", List.of("2"));
    assertThat(received.job().headers()).containsAllEntriesOf(expected).hasSize(14);
    assertThat(received.job().headers().getOrDefault("time", List.of()).getFirst())
        .matches("\\d{4}-.*T\\d\\d:\\d\\d:00(Z|[-+].*)");
    assertThat(log.with("unknown header type")).hasSize(1);
  }

  @Test
  void headersThatOnlyLookLikeOursAreWarnedOfAndTheJobIsDone() {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put("rr_headers", "{\"broken-json\"".getBytes(UTF_8));
    headers.put("rr_delay", LongStringHelper.asLongString("soon"));
    headers.put("rr_priority", true);
    Job job = received(headers).job();
    assertThat(job.options().priority()).isZero();
    assertThat(job.options().delay()).isZero();
    assertThat(log.with("WARN")).hasSize(3);
  }

  @Test
  void numbersOfAnyWidthAreTakenAndThePipelineThatItWasPushedToIsKept() {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put("rr_pipeline", LongStringHelper.asLongString("other"));
    headers.put("rr_priority", (short) 4);
    headers.put("rr_delay", 6L);
    headers.put("rr_auto_ack", true);
    headers.put("rr_headers", "null".getBytes(UTF_8));
    Messages.Received received = received(headers);
    assertThat(received.pipeline()).isEqualTo("other");
    assertThat(received.job().options())
        .isEqualTo(new Job.Options(4, Duration.ofSeconds(6), true, Job.LogPlace.NONE));
    assertThat(log.records()).isEmpty();
  }
}
