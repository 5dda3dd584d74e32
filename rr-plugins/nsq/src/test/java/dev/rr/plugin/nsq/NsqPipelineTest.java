package dev.rr.plugin.nsq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problems;
import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.JobsDriverContract;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Against a stand-in, since no nsqd can be installed where this runs; against a real one with
 * {@code -Drr.nsqd=PORT}.
 */
class NsqPipelineTest extends JobsDriverContract {
  private final RecordingLog log = new RecordingLog();
  private FakeNsqd server = server(0, 10_000);
  private String topic = "";

  private static FakeNsqd server(int port, long timeout) {
    try {
      return new FakeNsqd(port, timeout);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private int port() {
    return Integer.getInteger("rr.nsqd", server.port());
  }

  @AfterEach
  void stopServer() throws Exception {
    server.close();
  }

  @Override
  protected Pipeline open(JobSink sink) throws Exception {
    topic = UUID.randomUUID().toString();
    return open(sink, 100, 0, "60s");
  }

  @Override
  protected Optional<Pipeline> reopen(JobSink sink) throws Exception {
    return Optional.of(open(sink, 100, 0, "60s"));
  }

  private NsqPipeline open(JobSink sink, int prefetch, int maxAttempts, String readTimeout)
      throws Exception {
    return open(sink, prefetch, maxAttempts, readTimeout, log);
  }

  private NsqPipeline open(
      JobSink sink, int prefetch, int maxAttempts, String readTimeout, RecordingLog log)
      throws Exception {
    PipelineSpec spec =
        new PipelineSpec(
            "test", 10, new FakeConfigurer().section("jobs.pipelines.test", new Problems()), false);
    NsqConfig config =
        new NsqConfig("tcp://127.0.0.1:" + port(), List.of(), "1s", readTimeout, "1s", "60s");
    NsqPipeline pipeline =
        new NsqPipeline(
            spec, new TopicConfig(topic, "default", prefetch, maxAttempts), config, sink, log);
    pipeline.open();
    return pipeline;
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  @Test
  void reservesNoMoreThanItsPrefetch() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 3, 0, "60s");
    pipeline.push(IntStream.range(0, 20).mapToObj(i -> job("job " + i)).toList(), soon());
    pipeline.resume(soon());
    for (int i = 0; i < 20; i++) {
      Delivery next = sink.take();
      assertThat(sink.size()).isLessThan(3);
      next.ack();
    }
    pipeline.stop(soon());
  }

  @Test
  void dropsAJobThatWasTriedTooOftenAndSaysSo() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 10, 2, "60s");
    pipeline.resume(soon());
    pipeline.push(List.of(job("x")), soon());
    sink.take().nack();
    sink.take().nack();
    Await.until(
        "it is dropped", () -> !log.with("job was tried too often, it is dropped").isEmpty());
    assertThat(sink.poll(50)).isNull();
    pipeline.stop(soon());
  }

  @Test
  void countsJobsThatAreNotDue() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 10, 0, "60s");
    pipeline.resume(soon());
    Job later = job("later");
    pipeline.push(
        List.of(later.withOptions(later.options().withDelay(Duration.ofSeconds(1)))), soon());
    assertThat(pipeline.state(soon()).delayed()).isEqualTo(1);
    assertThat(pipeline.state(soon()).queue()).isEqualTo(topic);
    sink.take().ack();
    assertThat(pipeline.state(soon()).delayed()).isZero();
    pipeline.stop(soon());
  }

  @Test
  void refusesAJobThatItsServerDoesNotTakeInItsWords() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 10, 0, "60s");
    Job later = job("later");
    Job much = later.withOptions(later.options().withDelay(Duration.ofHours(2)));
    assertThatThrownBy(() -> pipeline.push(List.of(much), soon()))
        .hasMessageStartingWith(
            "nsq_driver_push:\n\tnsq_driver_handle_item: E_INVALID DPUB timeout");
    pipeline.push(List.of(job("next")), soon());
    pipeline.stop(soon());
  }

  @Test
  void goesOnAfterItsServerWasAwayAndWarnsOnce() throws Exception {
    if (port() != server.port()) {
      return;
    }
    RecordingSink sink = new RecordingSink(1000);
    // The other pipeline of this class tells of its own outage.
    RecordingLog own = new RecordingLog();
    Pipeline pipeline = open(sink, 10, 0, "60s", own);
    pipeline.resume(soon());
    pipeline.push(List.of(job("before")), soon());
    Delivery before = sink.take();
    server.close();
    Await.until("the outage is noticed", () -> !own.with("connection lost").isEmpty());
    assertThatThrownBy(before::ack).hasMessageContaining("lost");
    assertThatThrownBy(
            () -> pipeline.push(List.of(job("x")), Deadline.after(Duration.ofMillis(300))))
        .hasMessageStartingWith(
            "nsq_driver_push:\n\tnsq_driver_handle_item: cannot connect to nsqd");
    server = server(server.port(), 10_000);
    pipeline.push(List.of(job("after")), soon());
    Delivery after = sink.take();
    assertThat(after.job().payload()).asString(UTF_8).isEqualTo("after");
    after.ack();
    Await.until("it is told", () -> own.with("connected again").size() == 1);
    assertThat(own.with("WARN")).hasSize(1);
    pipeline.stop(soon());
  }

  @Test
  void aJobIsKeptAsLongAsItIsWorkedOnAndComesAgainWhenItsConnectionEnds() throws Exception {
    if (port() != server.port()) {
      return;
    }
    server.close();
    server = server(0, 600);
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 10, 0, "60s");
    pipeline.resume(soon());
    Job job = job("slow");
    pipeline.push(List.of(job), soon());
    Delivery slow = sink.take();
    assertThat(sink.poll(1500)).isNull();
    server.cut();
    Delivery again = sink.take();
    assertThat(again.job().id()).isEqualTo(job.id());
    assertThatThrownBy(slow::ack).hasMessageContaining("lost");
    again.ack();
    Await.until("nothing is left", () -> server.depth(topic) == 0);
    pipeline.stop(soon());
  }

  @Test
  void doesNotOpenWithoutItsServerAndSaysWhereItLooked() throws Exception {
    if (port() != server.port()) {
      return;
    }
    int free = server.port();
    server.close();
    assertThatThrownBy(() -> open(new RecordingSink(1), 10, 0, "60s"))
        .hasMessage(
            "new_nsq_consumer: cannot connect to nsqd at tcp://127.0.0.1:"
                + free
                + ": Connection refused");
  }
}
