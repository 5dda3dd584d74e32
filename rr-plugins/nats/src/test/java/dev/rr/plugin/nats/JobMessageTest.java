package dev.rr.plugin.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.jobs.Job;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobMessageTest {
  private static Job job(Map<String, List<String>> headers, Duration delay) {
    return new Job(
        "job-id",
        "some/php/namespace",
        "{\"hello\":\"world\"}".getBytes(UTF_8),
        headers,
        new Job.Options(3, delay, false, Job.LogPlace.NONE));
  }

  private static String body(NatsMessage message) {
    return new String(message.getData(), UTF_8);
  }

  private static Job decoded(NatsMessage message) {
    return JobMessage.decode(message.getData(), message.getHeaders(), "of.it");
  }

  @Test
  void writesUpstreamsBody() {
    NatsMessage message =
        JobMessage.pushed(job(Map.of("a", List.of("b", "c")), Duration.ZERO), "test-1", "s");
    assertThat(body(message))
        .isEqualTo(
            "{\"job\":\"some/php/namespace\",\"id\":\"job-id\",\"payload\":\"eyJoZWxsbyI6IndvcmxkIn0="
                + "\",\"options\":{\"priority\":3,\"pipeline\":\"test-1\",\"auto_ack\":false,\"Queue\":\"\"}}");
    assertThat(message.getHeaders().get("a")).containsExactly("b", "c");
    assertThat(message.getSubject()).isEqualTo("s");
  }

  @Test
  void writesADelayInSecondsThatAreNotLess() {
    assertThat(body(JobMessage.pushed(job(Map.of(), Duration.ofMillis(4001)), "p", "s")))
        .contains("\"pipeline\":\"p\",\"delay\":5,\"auto_ack\"");
  }

  @Test
  void keepsHeadersThatNatsCannotCarryInTheBody() {
    Map<String, List<String>> headers =
        Map.of(
            "plain", List.of("x", ""),
            "Ünï", List.of("ж\"\\\n"),
            "lines", List.of("a\r\nNats-Rollup: all"),
            "none", List.of(),
            "a:b", List.of("c"),
            "blank ", List.of("d"),
            "value", List.of(" e "));
    NatsMessage message = JobMessage.pushed(job(headers, Duration.ZERO), "p", "s");
    assertThat(message.getHeaders().keySet()).containsExactly("plain");
    assertThat(decoded(message).headers())
        .containsAllEntriesOf(headers)
        .containsEntry("x-nats-subject", List.of("of.it"));
  }

  @Test
  void aCopyIsNotTakenForTheMessageThatTheServerKnows() {
    Job job = job(Map.of("Nats-Msg-Id", List.of("once"), "x", List.of("y")), Duration.ZERO);
    assertThat(JobMessage.pushed(job, "p", "s").getHeaders().keySet())
        .containsExactlyInAnyOrder("Nats-Msg-Id", "x");
    NatsMessage again = JobMessage.again(job, "p", "s");
    assertThat(again.getHeaders().keySet()).containsExactly("x");
    assertThat(decoded(again).headers()).containsEntry("Nats-Msg-Id", List.of("once"));
  }

  @Test
  void readsWhatUpstreamWrites() {
    Headers headers = new Headers().put("attempts", List.of("1"));
    Job job =
        JobMessage.decode(
            ("{\"job\":\"some\",\"id\":\"7\",\"payload\":\"AAH/\",\"options\":{\"priority\":0,\"pipeline\":\"of"
                 + " somebody\",\"delay\":2,\"auto_ack\":true,\"Queue\":\"q\"}}")
                .getBytes(UTF_8),
            headers,
            "sub.ject");
    assertThat(job.id()).isEqualTo("7");
    assertThat(job.name()).isEqualTo("some");
    assertThat(job.payload()).containsExactly(0, 1, -1);
    assertThat(job.options().priority()).isZero();
    assertThat(job.options().autoAck()).isTrue();
    assertThat(job.options().delay()).isEqualTo(Duration.ofSeconds(2));
    assertThat(job.headers())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("attempts", List.of("1"), "x-nats-subject", List.of("sub.ject")));
  }

  @Test
  void aDelayIsAHundredYearsAtMost() {
    byte[] data =
        "{\"job\":\"x\",\"id\":\"1\",\"payload\":\"\",\"options\":{\"delay\":9223372036854775807}}"
            .getBytes(UTF_8);
    Duration delay = JobMessage.decode(data, null, "s").options().delay();
    assertThat(delay).isEqualTo(Duration.ofSeconds(3_155_760_000L));
    assertThat(NatsDelivery.nak(delay)).asString(UTF_8).contains("3155760000000000000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fooobarrbazzz",
        "[]",
        "null",
        "{\"a\":1}",
        "{\"job\":\"x\",\"id\":\"y\",\"payload\":\"\"}",
        "{\"job\":1,\"id\":\"y\",\"payload\":\"\",\"options\":{}}",
        "{\"job\":\"x\",\"id\":\"y\",\"payload\":\"?\",\"options\":{}}",
        "{\"job\":\"x\",\"id\":\"y\",\"payload\":{},\"options\":{}}",
        "{\"job\":\"x\",\"options\":null}",
        "{\"job\":\"x\",\"options\":{\"priority\":\"high\"}}",
        "{\"job\":\"x\",\"options\":{\"auto_ack\":1}}",
        "{\"job\":\"x\",\"options\":{\"delay\":1.5}}",
        "{\"job\":\"x\",\"headers\":[\"y\"],\"options\":{}}"
      })
  void takesWhatSomebodyElseHasPublishedAsItsPayload(String text) {
    byte[] foreign = text.getBytes(UTF_8);
    Job job = JobMessage.decode(foreign, new Headers().put("k", List.of("v")), "s");
    assertThat(job.name()).isEqualTo("deduced_by_rr");
    assertThat(job.id()).hasSize(36);
    assertThat(job.payload()).isEqualTo(foreign);
    assertThat(job.headers()).containsEntry("k", List.of("v"));
    assertThat(job.options()).isEqualTo(Job.Options.NONE);
  }

  @Test
  void takesWhatHasNoHeaders() {
    assertThat(JobMessage.decode(new byte[0], null, "s").headers())
        .containsOnlyKeys("x-nats-subject");
  }
}
