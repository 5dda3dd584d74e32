package dev.rr.testing.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.worker.Await;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * What every {@link Pipeline} has to do, whatever broker stands behind it. The test of a driver
 * extends this; where its broker cannot, it says so in one of the questions below.
 */
public abstract class JobsDriverContract {
  private static final Duration DELAY = Duration.ofSeconds(1);

  private final RecordingSink sink = new RecordingSink(1000);
  private Pipeline pipeline;

  /** Opens a pipeline on a queue that nothing is in, with the driver's defaults. */
  protected abstract Pipeline open(JobSink sink) throws Exception;

  /** Whether {@link Delivery#nack(boolean, Duration)} without a requeue drops the job. */
  protected boolean dropsRefusedJobs() {
    return true;
  }

  /** Whether jobs can wait in the broker before they are due. */
  protected boolean delays() {
    return true;
  }

  @BeforeEach
  void openPipeline() throws Exception {
    pipeline = open(sink);
  }

  @AfterEach
  void stopPipelineTwice() throws Exception {
    pipeline.stop(soon());
    pipeline.stop(soon());
    assertThat(sink.losses()).isEmpty();
  }

  @Test
  void handsAJobOverAsItWasPushed() throws Exception {
    pipeline.resume(soon());
    Job job =
        new Job(
            UUID.randomUUID().toString(),
            "task",
            new byte[] {0, 1, -1, 'x'},
            Map.of("h", List.of("v1", "v2")),
            new Job.Options(3, Duration.ZERO, false, Job.LogPlace.NONE));
    push(job);
    Delivery delivery = sink.take();
    assertThat(delivery.job().id()).isEqualTo(job.id());
    assertThat(delivery.job().name()).isEqualTo("task");
    assertThat(delivery.job().payload()).isEqualTo(job.payload());
    assertThat(delivery.job().headers()).containsEntry("h", List.of("v1", "v2"));
    assertThat(delivery.job().options().priority()).isEqualTo(3);
    delivery.ack();
  }

  @Test
  void takesJobsBeforeItConsumesAndHandsEachOverOnce() throws Exception {
    List<Job> jobs = IntStream.range(0, 100).mapToObj(i -> job("job " + i)).toList();
    pipeline.push(jobs, soon());
    assertThat(sink.size()).isZero();
    pipeline.resume(soon());
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < jobs.size(); i++) {
      Delivery delivery = sink.take();
      assertThat(seen.add(delivery.job().id())).as("the first time").isTrue();
      delivery.ack();
    }
    assertThat(sink.size()).isZero();
  }

  @Test
  void keepsJobsBackWhilePaused() throws Exception {
    pipeline.resume(soon());
    push(job("before"));
    sink.take().ack();
    pipeline.pause(soon());
    push(job("meanwhile"));
    assertThat(sink.size()).isZero();
    pipeline.resume(soon());
    Delivery delivery = sink.take();
    assertThat(delivery.job().payload()).asString(UTF_8).isEqualTo("meanwhile");
    delivery.ack();
  }

  @Test
  void refusesToPauseOrResumeTwiceInUpstreamsWords() throws Exception {
    assertThatThrownBy(() -> pipeline.pause(soon()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no active listeners, nothing to pause");
    pipeline.resume(soon());
    assertThatThrownBy(() -> pipeline.resume(soon()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("already in the active state");
  }

  @Test
  void bringsARefusedJobAgainOnlyWhenItIsAskedTo() throws Exception {
    pipeline.resume(soon());
    Job job = job("try again");
    push(job);
    sink.take().nack(true, Duration.ZERO);
    Delivery again = sink.take();
    assertThat(again.job().id()).isEqualTo(job.id());
    if (!dropsRefusedJobs()) {
      again.ack();
      return;
    }
    again.nack(false, Duration.ZERO);
    Job other = job("other");
    push(other);
    Delivery next = sink.take();
    assertThat(next.job().id()).isEqualTo(other.id());
    next.ack();
  }

  @Test
  void bringsAJobAgainWithItsHeadersChanged() throws Exception {
    pipeline.resume(soon());
    Job job =
        new Job(
            UUID.randomUUID().toString(),
            "task",
            "payload".getBytes(UTF_8),
            Map.of("kept", List.of("1"), "changed", List.of("1")),
            Job.Options.NONE);
    push(job);
    sink.take().requeue(Map.of("changed", List.of("2", "3")), Duration.ZERO);
    Delivery again = sink.take();
    assertThat(again.job().id()).isEqualTo(job.id());
    assertThat(again.job().payload()).isEqualTo(job.payload());
    assertThat(again.job().headers())
        .containsEntry("kept", List.of("1"))
        .containsEntry("changed", List.of("2", "3"));
    again.ack();
  }

  @Test
  @EnabledIf("delays")
  void handsADelayedJobOverNotBeforeItIsDue() throws Exception {
    pipeline.resume(soon());
    long pushed = System.nanoTime();
    push(
        new Job(
            UUID.randomUUID().toString(),
            "task",
            new byte[] {1},
            Map.of(),
            new Job.Options(0, DELAY, false, Job.LogPlace.NONE)));
    Delivery delivery = sink.take();
    // Brokers count in whole seconds and begin at their own.
    assertThat(Duration.ofNanos(System.nanoTime() - pushed)).isGreaterThan(DELAY.dividedBy(2));
    delivery.ack();
  }

  @Test
  void stopsInTimeWhileTheQueueIsFull() throws Exception {
    RecordingSink full = new RecordingSink(1);
    Pipeline blocked = open(full);
    blocked.push(List.of(job("1"), job("2"), job("3")), soon());
    blocked.resume(soon());
    Await.until("the queue is full", () -> full.size() == 1);
    long begun = System.nanoTime();
    blocked.stop(soon());
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void refusesOutcomesOnceItHasStopped() throws Exception {
    pipeline.resume(soon());
    push(job("late"));
    Delivery delivery = sink.take();
    pipeline.stop(soon());
    assertThatThrownBy(delivery::ack).isInstanceOf(Exception.class);
  }

  /** A job with a payload and nothing else. */
  protected static Job job(String payload) {
    return new Job(
        UUID.randomUUID().toString(), "task", payload.getBytes(UTF_8), Map.of(), Job.Options.NONE);
  }

  private void push(Job job) throws Exception {
    pipeline.push(List.of(job), soon());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }
}
