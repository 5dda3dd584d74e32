package dev.rr.plugin.boltdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Deadline;
import dev.rr.journal.Journal;
import dev.rr.testing.jobs.JobsDriverContract;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
class BoltPipelineTest extends JobsDriverContract {
  @TempDir Path folder;

  private int files;

  @Override
  protected Pipeline open(JobSink sink) throws Exception {
    files++;
    return reopened(1000, sink);
  }

  @Override
  protected Optional<Pipeline> reopen(JobSink sink) throws Exception {
    return Optional.of(reopened(1000, sink));
  }

  @Override
  protected Optional<Pipeline> openWith(JobSink sink, int prefetch) throws Exception {
    files++;
    return Optional.of(reopened(prefetch, sink));
  }

  /** Upstream puts it back in either case. */
  @Override
  protected boolean dropsRefusedJobs() {
    return false;
  }

  private BoltPipeline reopened(int prefetch, JobSink sink) throws Exception {
    return StoreProcess.open(folder.resolve("jobs" + files + ".db"), prefetch, sink);
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  private Job job(String payload, long priority, Duration delay) {
    Job job = job(payload);
    return job.withOptions(new Job.Options(priority, delay, false, Job.LogPlace.NONE));
  }

  @Test
  void countsAndHeadersAndDelaysSurviveARestart() throws Exception {
    files = 100;
    RecordingSink sink = new RecordingSink(1000);
    BoltPipeline pipeline = reopened(1000, sink);
    Job plain = job("plain").withHeaders(Map.of("h", List.of("1", "2")));
    pipeline.push(List.of(plain, job("done")), soon());
    pipeline.push(
        List.of(
            job("later", 10, Duration.ofHours(1)),
            job("soon", 10, Duration.ofMillis(300)),
            job("soon too", 10, Duration.ofMillis(300))),
        soon());
    pipeline.resume(soon());
    Delivery first = sink.take();
    sink.take().ack();
    first.requeue(Map.of("attempts", List.of("1")), Duration.ZERO);
    pipeline.stop(soon());

    RecordingSink next = new RecordingSink(1000);
    BoltPipeline again = reopened(1000, next);
    Await.until("two are due", () -> again.state(soon()).active() == 3);
    PipelineState state = again.state(soon());
    assertThat(state.delayed()).isEqualTo(1);
    assertThat(state.queue()).isEqualTo("push");
    assertThat(state.driver()).isEqualTo("boltdb");
    again.resume(soon());
    List<Job> handed = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Delivery delivery = next.take();
      handed.add(delivery.job());
      delivery.ack();
    }
    // Whichever was due first.
    assertThat(handed)
        .filteredOn(job -> job.id().equals(plain.id()))
        .extracting(Job::headers)
        .containsExactly(Map.of("h", List.of("1", "2"), "attempts", List.of("1")));
    assertThat(again.state(soon()).active()).isZero();
    again.stop(soon());
  }

  @Test
  void handsUrgentJobsOverFirstAndThoseOfOnePriorityAsTheyCame() throws Exception {
    files = 100;
    RecordingSink sink = new RecordingSink(1000);
    BoltPipeline pipeline = reopened(1000, sink);
    List<Job> jobs =
        IntStream.range(0, 20).mapToObj(i -> job("job " + i, i % 2, Duration.ZERO)).toList();
    pipeline.push(jobs, soon());
    pipeline.resume(soon());
    List<String> handed = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      handed.add(sink.take().job().id());
    }
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      expected.add(jobs.get(i < 10 ? 2 * i : 2 * i - 19).id());
    }
    assertThat(handed).isEqualTo(expected);
    pipeline.stop(soon());
  }

  @Test
  void handsNoMoreOverThanItsPrefetch() throws Exception {
    files = 100;
    RecordingSink sink = new RecordingSink(1000);
    BoltPipeline pipeline = reopened(2, sink);
    pipeline.push(IntStream.range(0, 5).mapToObj(i -> job("job " + i)).toList(), soon());
    pipeline.resume(soon());
    Delivery first = sink.take();
    Delivery second = sink.take();
    assertThat(sink.poll(100)).isNull();
    assertThat(pipeline.state(soon()).active()).isEqualTo(5);
    first.nack();
    second.ack();
    for (int i = 0; i < 4; i++) {
      sink.take().ack();
    }
    assertThat(pipeline.state(soon()).active()).isZero();
    pipeline.stop(soon());
  }

  @Test
  void isOpenedAnewOnceItsFileCannotBeWrittenAnyMore() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Journal<JobIndex> journal = StoreProcess.journal(folder.resolve("broken.db"));
    BoltPipeline pipeline = StoreProcess.open(journal, 10, sink);
    pipeline.push(List.of(job("kept")), soon());
    pipeline.resume(soon());
    Delivery delivery = sink.take();
    // As a sync that failed does, nothing is written from now on.
    assertThatThrownBy(() -> journal.append(new byte[] {99}, soon()))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(delivery::ack).isInstanceOf(IOException.class);
    assertThat(sink.losses()).hasSize(1);
    assertThatThrownBy(delivery::ack).hasMessageContaining("has an outcome already");
    assertThatThrownBy(() -> pipeline.push(List.of(job("not taken")), soon()))
        .isInstanceOf(IOException.class);
    assertThat(sink.losses()).hasSize(2);
    pipeline.stop(soon());
  }

  @Test
  void refusesMoreJobsThanThereIsMemoryForWithThoseOfOthers() throws Exception {
    IndexMemory memory = new IndexMemory(10 * JobIndex.JOB_BYTES);
    RecordingSink sink = new RecordingSink(1);
    BoltPipeline one =
        StoreProcess.open(StoreProcess.journal(folder.resolve("one")), 10, sink, memory);
    BoltPipeline other =
        StoreProcess.open(StoreProcess.journal(folder.resolve("other")), 10, sink, memory);
    one.push(IntStream.range(0, 8).mapToObj(i -> job("job " + i)).toList(), soon());
    other.push(List.of(job("9"), job("10")), soon());
    assertThatThrownBy(() -> other.push(List.of(job("11")), soon()))
        .hasMessageContaining("keys and jobs in files take the 1600 bytes of memory");
    one.stop(soon());
    other.push(List.of(job("11")), soon());
    other.stop(soon());
  }

  @Test
  void aMillionBytesOfJobsGoThroughInSeveralRecords() throws Exception {
    files = 100;
    RecordingSink sink = new RecordingSink(1000);
    BoltPipeline pipeline = reopened(1000, sink);
    List<Job> jobs = IntStream.range(0, 50).mapToObj(i -> job("x".repeat(100_000))).toList();
    pipeline.push(jobs, soon());
    pipeline.resume(soon());
    for (Job job : jobs) {
      Delivery delivery = sink.take();
      assertThat(delivery.job().id()).isEqualTo(job.id());
      assertThat(delivery.job().payload()).isEqualTo(job.payload());
      delivery.ack();
    }
    pipeline.stop(soon());
  }
}
