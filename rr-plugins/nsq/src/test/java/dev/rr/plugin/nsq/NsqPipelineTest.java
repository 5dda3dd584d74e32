package dev.rr.plugin.nsq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problems;
import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.log.Log;
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
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Against a stand-in, since no nsqd can be installed where this runs; against a real one with
 * {@code -Drr.nsqd=PORT}.
 */
class NsqPipelineTest extends JobsDriverContract {
  /** What nsqd has unless it is told otherwise; a test that waits for it fails. */
  private static final long MINUTE = 60_000;

  private final RecordingLog log = new RecordingLog();
  private FakeNsqd server = server(0, MINUTE);
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

  @Override
  protected Optional<Pipeline> openWith(JobSink sink, int prefetch) throws Exception {
    topic = UUID.randomUUID().toString();
    return Optional.of(open(sink, prefetch, 0, "60s"));
  }

  private NsqPipeline open(JobSink sink, int prefetch, int maxAttempts, String readTimeout)
      throws Exception {
    TopicConfig keys = new TopicConfig(topic, "default", prefetch, maxAttempts);
    return open(port(), keys, readTimeout, sink, log);
  }

  static NsqPipeline open(int port, TopicConfig keys, String readTimeout, JobSink sink, Log log)
      throws Exception {
    PipelineSpec spec =
        new PipelineSpec(
            "test", 10, new FakeConfigurer().section("jobs.pipelines.test", new Problems()), false);
    NsqConfig config =
        new NsqConfig("tcp://127.0.0.1:" + port, List.of(), "1s", readTimeout, "1s", "60s");
    NsqPipeline pipeline = new NsqPipeline(spec, keys, config, sink, log);
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
    Job later = job("later");
    pipeline.push(
        List.of(later.withOptions(later.options().withDelay(Duration.ofSeconds(1)))), soon());
    assertThat(pipeline.state(soon()).delayed()).isEqualTo(1);
    assertThat(pipeline.state(soon()).queue()).isEqualTo(topic);
    pipeline.resume(soon());
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
  void aJobIsKeptAsLongAsItIsWorkedOnAndComesAgainWhenItsConnectionEnds() throws Exception {
    if (port() != server.port()) {
      return;
    }
    server.close();
    server = server(0, 2000);
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 10, 0, "60s");
    pipeline.resume(soon());
    Job job = job("slow");
    pipeline.push(List.of(job), soon());
    Delivery slow = sink.take();
    // Three in the time that the server is patient.
    Await.until("it is kept for longer than that", () -> server.touches() >= 5);
    assertThat(sink.size()).isZero();
    server.cut();
    Delivery again = sink.take();
    assertThat(again.job().id()).isEqualTo(job.id());
    assertThatThrownBy(slow::ack).hasMessageContaining("lost");
    again.ack();
    Await.until("nothing is left", () -> server.depth(topic) == 0);
    pipeline.stop(soon());
  }

  @Test
  void whatAPipelineHeldThatIsPausedRightAfterItsStartComesAgainAtOnce() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = open(sink, 10, 0, "60s");
    List<Job> jobs = IntStream.range(0, 20).mapToObj(i -> job("job " + i)).toList();
    pipeline.push(jobs, soon());
    for (int i = 0; i < 100; i++) {
      pipeline.resume(soon());
      pipeline.pause(soon());
    }
    pipeline.resume(soon());
    takeAll(sink, jobs);
    pipeline.stop(soon());
  }

  @Test
  void whatAPipelineHeldThatIsStoppedRightAfterItsStartComesAgainAtOnce() throws Exception {
    List<Job> jobs = IntStream.range(0, 20).mapToObj(i -> job("job " + i)).toList();
    Pipeline pushes = open(new RecordingSink(1), 10, 0, "60s");
    pushes.push(jobs, soon());
    pushes.stop(soon());
    for (int i = 0; i < 30; i++) {
      Pipeline brief = open(new RecordingSink(1000), 10, 0, "60s");
      brief.resume(soon());
      brief.stop(soon());
    }
    RecordingSink sink = new RecordingSink(1000);
    Pipeline last = open(sink, 10, 0, "60s");
    last.resume(soon());
    takeAll(sink, jobs);
    last.stop(soon());
  }

  private static void takeAll(RecordingSink sink, List<Job> jobs) throws Exception {
    Set<String> missing = jobs.stream().map(Job::id).collect(Collectors.toSet());
    while (!missing.isEmpty()) {
      Delivery next = sink.take();
      next.ack();
      missing.remove(next.job().id());
    }
  }

  @Test
  void whatArrivesWhileItIsPausedGoesToOthers() throws Exception {
    RecordingSink sink = new RecordingSink(1);
    Pipeline pipeline = open(sink, 10, 0, "60s");
    List<Job> jobs = IntStream.range(0, 20).mapToObj(i -> job("job " + i)).toList();
    pipeline.push(jobs, soon());
    pipeline.resume(soon());
    String held = sink.take().job().id();
    Await.until("the queue is full", () -> sink.size() == 1);
    pipeline.pause(soon());
    sink.take().nack();
    RecordingSink others = new RecordingSink(1000);
    Pipeline other = open(others, 10, 0, "60s");
    other.resume(soon());
    takeAll(others, jobs.stream().filter(job -> !job.id().equals(held)).toList());
    pipeline.stop(soon());
    other.stop(soon());
  }

  @Test
  void keepsItsConnectionsWhileNothingHappensByAnsweringSignsOfLife() throws Exception {
    if (port() != server.port()) {
      return;
    }
    Pipeline pipeline = open(new RecordingSink(1), 10, 0, "2s");
    pipeline.resume(soon());
    // Two connections; one that has heard nothing for two seconds is given up.
    Await.until("signs of life are answered", () -> server.answeredSigns() >= 6);
    assertThat(log.with("connection lost")).isEmpty();
    pipeline.stop(soon());
  }
}
