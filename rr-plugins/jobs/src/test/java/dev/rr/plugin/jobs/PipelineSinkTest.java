package dev.rr.plugin.jobs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.testing.jobs.TestJobs;
import dev.rr.testing.worker.RecordingLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
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

  @Test
  void aDriverThatIsPausedWhileAJobIsAcknowledgedOnArrivalHearsOfItAndTheBrokerIsTold()
      throws Exception {
    Job job = TestJobs.job("");
    SlowBroker broker =
        new SlowBroker(job.withOptions(new Job.Options(1, Duration.ZERO, true, Job.LogPlace.NONE)));
    FutureTask<Boolean> driver =
        new FutureTask<>(() -> {
          sink.add(broker);
          return Thread.interrupted();
        });
    Thread thread = Thread.ofVirtual().start(driver);
    assertThat(broker.asked.await(10, TimeUnit.SECONDS)).isTrue();
    thread.interrupt();
    assertThat(driver.get(10, TimeUnit.SECONDS)).as("interrupted").isTrue();
    assertThat(queue.size()).isEqualTo(1);
    broker.answers.countDown();
    assertThat(broker.told.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /** Takes its time over an outcome, and is not told when who tells it is interrupted. */
  private static final class SlowBroker implements Delivery {
    private final Job job;
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch answers = new CountDownLatch(1);
    final CountDownLatch told = new CountDownLatch(1);

    SlowBroker(Job job) {
      this.job = job;
    }

    @Override
    public Job job() {
      return job;
    }

    @Override
    public String queue() {
      return "";
    }

    @Override
    public void ack() throws InterruptedException {
      asked.countDown();
      assertThat(answers.await(10, TimeUnit.SECONDS)).isTrue();
      told.countDown();
    }

    @Override
    public void nack() {}

    @Override
    public void nack(boolean requeue, Duration delay) {}

    @Override
    public void requeue(Map<String, List<String>> headers, Duration delay) {}
  }
}
