package dev.rr.plugin.memory;

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
import dev.rr.testing.worker.RecordingLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryPipelineTest extends JobsDriverContract {
  private final Room room = new Room(1 << 20);
  private final RecordingLog log = new RecordingLog();

  @Override
  protected Pipeline open(JobSink sink) {
    return pipeline(sink, 0, true);
  }

  @Override
  protected Optional<Pipeline> openWith(JobSink sink, int prefetch) {
    return Optional.of(pipeline(sink, prefetch, true));
  }

  /** There is no broker that could forget a job. */
  @Override
  protected boolean keepsAutoAck() {
    return false;
  }

  private Pipeline pipeline(JobSink sink, long prefetch, boolean requeueOnFail) {
    PipelineSpec spec =
        new PipelineSpec(
            "test", 10, new FakeConfigurer().section("jobs.pipelines.test", new Problems()), false);
    return new MemoryPipeline(spec, new MemoryJobsConfig(prefetch, requeueOnFail), sink, room, log);
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  @Test
  void handsNoMoreOverThanItsPrefetchAndKeepsTheOrder() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = pipeline(sink, 2, true);
    List<Job> jobs = IntStream.range(0, 10).mapToObj(i -> job("job " + i)).toList();
    pipeline.resume(soon());
    pipeline.push(jobs, soon());
    assertThat(sink.size()).isEqualTo(2);
    assertThat(log.with("prefetch limit was reached, waiting for the jobs to be processed"))
        .isNotEmpty();
    List<Job> handed = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Delivery delivery = sink.take();
      handed.add(delivery.job());
      delivery.ack();
    }
    assertThat(handed).isEqualTo(jobs);
    pipeline.stop(soon());
  }

  @Test
  void takesNothingMoreOnceItsMemoryIsFullAndGivesItBack() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = pipeline(sink, 0, true);
    List<Job> jobs = List.of(job("x".repeat(400_000)), job("x".repeat(400_000)));
    pipeline.push(jobs, soon());
    Deadline tooShort = Deadline.after(Duration.ofMillis(50));
    assertThatThrownBy(() -> pipeline.push(jobs, tooShort))
        .hasMessage(
            "in_memory_push:\n\tin_memory_handle_request: local pipeline is full, consider to"
                + " increase prefetch number, current limit: 100000, context error: context"
                + " deadline exceeded");
    pipeline.resume(soon());
    Thread pushing = Thread.ofVirtual().start(() -> push(pipeline, jobs));
    for (int i = 0; i < 4; i++) {
      sink.take().ack();
    }
    pushing.join();
    assertThat(room.taken()).isZero();
    pipeline.stop(soon());
  }

  private static void push(Pipeline pipeline, List<Job> jobs) {
    try {
      pipeline.push(jobs, soon());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void mayLoseTheJobOfADeadWorkerAsUpstreamDoes() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = pipeline(sink, 0, false);
    pipeline.resume(soon());
    pipeline.push(List.of(job("deadly")), soon());
    sink.take().nack();
    assertThat(pipeline.state(soon()).active()).isZero();
    assertThat(room.taken()).isZero();
    pipeline.stop(soon());
  }

  @Test
  void countsWhatWaitsAndWhatIsNotDue() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = pipeline(sink, 0, true);
    Job later = job("later");
    Job.Options options = later.options().withDelay(Duration.ofHours(1));
    pipeline.push(List.of(job("now"), later.withOptions(options)), soon());
    assertThat(pipeline.state(soon()))
        .satisfies(state -> {
          assertThat(state.queue()).isEqualTo("test");
          assertThat(state.active()).isEqualTo(1);
          assertThat(state.delayed()).isEqualTo(1);
          assertThat(state.reserved()).isZero();
        });
    pipeline.stop(soon());
    assertThat(log.with("jobs in memory are gone with their pipeline")).hasSize(1);
    assertThat(room.taken()).isZero();
  }

  @Test
  void doesNotAcknowledgeBeforeTheWorkIsDone() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = pipeline(sink, 0, true);
    pipeline.resume(soon());
    Job job = job("x");
    pipeline.push(
        List.of(job.withOptions(new Job.Options(1, Duration.ZERO, true, Job.LogPlace.NONE))),
        soon());
    assertThat(sink.take().job().options().autoAck()).isFalse();
    pipeline.stop(soon());
  }
}
