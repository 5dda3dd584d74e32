package dev.rr.plugin.amqp;

import static dev.rr.plugin.amqp.TestAmqp.unique;
import static dev.rr.testing.jobs.TestJobs.job;
import static dev.rr.testing.jobs.TestJobs.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.RecordingSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that is short of memory. */
@Timeout(180)
class AmqpAlarmTest {
  private final RecordingSink sink = new RecordingSink(1000);
  private TestAmqp amqp = TestAmqp.at("amqp://localhost");

  @BeforeEach
  void connect() throws Exception {
    // Whoever is silent for twice that many seconds is cut off.
    amqp = TestAmqp.at(TestBroker.shared().address() + "?heartbeat=2");
  }

  @AfterEach
  void endTheAlarm() throws Exception {
    TestBroker.shared().alarm(false);
    amqp.close();
  }

  private static Deadline millis(long millis) {
    return Deadline.after(Duration.ofMillis(millis));
  }

  private static void fails(Pipeline pipeline, Job job, long millis) {
    assertThatThrownBy(() -> pipeline.push(List.of(job), millis(millis)))
        .hasMessageStartingWith(
            "amqp_driver_push: Timeout:\n\tamqp_driver_handle_item: context deadline exceeded: the"
                + " broker ");
  }

  @Test
  void pushesFailInTimeAndSayWhyAndJobsAreAcknowledged() throws Exception {
    Map<String, Object> keys = unique();
    keys.put("prefetch", "1");
    Pipeline pipeline = amqp.open("p", keys, sink);
    pipeline.resume(soon());
    pipeline.push(List.of(job("before")), soon());
    Delivery before = sink.take();
    TestBroker.shared().alarm(true);
    // The broker tells of it when it is given something, at a moment of its own.
    fails(pipeline, job("first"), 2_000);
    assertThatThrownBy(() -> pipeline.push(List.of(job("never")), millis(300)))
        .hasMessageEndingWith("exceeded: the broker takes no messages: low on memory");
    before.ack();
    TestBroker.shared().alarm(false);
    pipeline.push(List.of(job("after")), soon());
    Delivery first = sink.take();
    assertThat(first.job().payload()).asString(UTF_8).isEqualTo("first");
    first.ack();
    Delivery after = sink.take();
    assertThat(after.job().payload()).asString(UTF_8).isEqualTo("after");
    after.ack();
    assertThat(amqp.log.with("WARN")).isEmpty();
  }

  @Test
  void aConnectionThatCannotWriteKeepsNoOtherFromTellingThatItLives() throws Exception {
    Pipeline pipeline = amqp.open("p", unique(), sink);
    pipeline.resume(soon());
    TestBroker.shared().alarm(true);
    byte[] large = new byte[24 * 1024 * 1024];
    fails(pipeline, new Job("id", "task", large, Map.of(), Job.Options.NONE), 6_000);
    assertThat(amqp.log.with("WARN")).isEmpty();
  }
}
