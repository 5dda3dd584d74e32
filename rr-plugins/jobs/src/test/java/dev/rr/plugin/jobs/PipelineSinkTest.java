package dev.rr.plugin.jobs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.jobs.Job;
import dev.rr.testing.jobs.TestJobs;
import dev.rr.testing.worker.RecordingLog;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PipelineSinkTest {
  private final JobQueue queue = new JobQueue(10, 10_000);
  private final PipelineSink sink =
      new PipelineSink(
          PluginHarness.unopened(),
          new PluginHarness.OnePool(),
          new Shared(
              new RecordingLog(), new Traces(Optional.empty()), queue, Duration.ofSeconds(1)));

  private Job job(long priority) {
    Job job = TestJobs.job("");
    return job.withOptions(job.options().withPriority(priority));
  }

  /** Jobs that others than rr have pushed say none. */
  @Test
  void aJobWithoutAPriorityHasThatOfItsPipeline() {
    for (long priority : new long[] {11, 0, 9}) {
      assertThat(sink.offer(new FakeDelivery(job(priority)))).isTrue();
    }
    for (long priority : new long[] {9, 10, 11}) {
      assertThat(requireNonNull(queue.poll("")).priority).isEqualTo(priority);
    }
  }
}
