package dev.rr.plugin.nsq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.jobs.Job;
import dev.rr.net.Address;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicMessageTest {
  private static final String TEXT =
      "{\"job\":\"task\",\"id\":\"1\",\"payload\":\"eyJhIjoxfQ==\",\"headers\":{\"h\":[\"v\"]},"
          + "\"options\":{\"priority\":3,\"pipeline\":\"test\",\"delay\":5,\"auto_ack\":true}}";

  @Test
  void isTheJsonOfUpstreamsStruct() {
    Job job =
        new Job(
            "1",
            "task",
            "{\"a\":1}".getBytes(UTF_8),
            Map.of("h", List.of("v")),
            new Job.Options(3, Duration.ofSeconds(5), true, Job.LogPlace.NONE));
    assertThat(TopicMessage.encode(job, "test")).asString(UTF_8).isEqualTo(TEXT);
    Job read = TopicMessage.decode(TEXT.getBytes(UTF_8));
    assertThat(read.payload()).isEqualTo(job.payload());
    assertThat(read.headers()).isEqualTo(job.headers());
    assertThat(read.options()).isEqualTo(job.options());
  }

  @Test
  void takesWhatSomebodyElseHasPublishedAsItsPayload() {
    for (String text : List.of("raw", "{\"job\":\"x\"}", "{\"options\":{},\"payload\":\"!\"}")) {
      Job read = TopicMessage.decode(text.getBytes(UTF_8));
      assertThat(read.name()).isEqualTo("deduced_by_rr");
      assertThat(read.payload()).asString(UTF_8).isEqualTo(text);
      assertThat(read.id()).hasSize(36);
    }
  }

  @Test
  void readsWhatNsqlookupdAnswersAlsoBeforeItsFirstVersion() throws Exception {
    String producers =
        "{\"channels\":[],\"producers\":[{\"broadcast_address\":\"10.0.0.1\",\"tcp_port\":4150},"
            + "{\"broadcast_address\":\"::1\",\"tcp_port\":4152}]}";
    for (String answer : List.of(producers, "{\"status_code\":200,\"data\":" + producers + "}")) {
      assertThat(Lookups.producers(answer.getBytes(UTF_8)))
          .extracting(Address.Tcp::port)
          .containsExactlyInAnyOrder(4150, 4152);
    }
  }
}
