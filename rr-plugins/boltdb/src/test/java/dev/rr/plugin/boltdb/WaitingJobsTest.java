package dev.rr.plugin.boltdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WaitingJobsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.ofEpochSecond(1_000_000));
  private final WaitingJobs jobs = new WaitingJobs(now::get, 10);

  private long in(Duration delay) {
    return now.get().plus(delay).toEpochMilli();
  }

  private void move(Duration by) {
    now.updateAndGet(then -> then.plus(by));
  }

  @Test
  void aDelayedJobIsDueOnceTheClockIsPutForward() throws Exception {
    jobs.add(1, in(HOUR), 10);
    assertThat(jobs.delayed()).isEqualTo(1);
    move(HOUR);
    assertThat(jobs.delayed()).isZero();
    assertThat(jobs.take()).isEqualTo(1);
  }

  @Test
  void aClockThatIsPutBackHoldsUpNoJobThatIsNotDelayed() throws Exception {
    jobs.add(1, in(HOUR), 10);
    move(HOUR.negated());
    FutureTask<Long> taking = new FutureTask<>(jobs::take);
    Thread.ofVirtual().start(taking);
    jobs.add(2, 0, 10);
    assertThat(taking.get(10, TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(jobs.delayed()).isEqualTo(1);
    move(HOUR.multipliedBy(2));
    assertThat(jobs.take()).isEqualTo(1);
  }

  @Test
  void jobsThatBecomeDueAtOnceComeByPriorityAndThenAsTheyCame() throws Exception {
    jobs.add(1, in(HOUR), 10);
    jobs.add(2, in(HOUR), Long.MIN_VALUE);
    jobs.add(3, in(HOUR), 10);
    jobs.add(4, in(HOUR), Long.MAX_VALUE);
    move(HOUR);
    assertThat(new long[] {jobs.take(), jobs.take(), jobs.take(), jobs.take()})
        .containsExactly(2, 1, 3, 4);
  }
}
