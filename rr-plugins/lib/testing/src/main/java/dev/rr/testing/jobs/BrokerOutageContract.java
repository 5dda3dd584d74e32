package dev.rr.testing.jobs;

import static dev.rr.testing.jobs.TestJobs.job;
import static dev.rr.testing.jobs.TestJobs.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.server.Restartable;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * What every {@link Pipeline} has to do whose broker goes away, or is silent. The test of a driver
 * extends this, and says what its broker is and how its driver speaks of it.
 */
@Timeout(300)
public abstract class BrokerOutageContract {
  private static final String TAKEN = "worked on meanwhile";

  /** Longer than a busy machine needs for what has a deadline of a second. */
  private static final Duration IN_TIME = Duration.ofSeconds(15);

  /** Longer than any broker takes to start. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What the driver is to log to. */
  protected final RecordingLog log = new RecordingLog();

  /** Where jobs of the pipelines go. */
  protected final RecordingSink sink = new RecordingSink(1000);

  /** What becomes of a job that is worked on when its broker goes away. */
  protected enum Held {
    /** Its outcome waits for the broker. */
    KEPT,
    /** Its outcome is refused, and the broker brings it again. */
    AGAIN
  }

  /**
   * What a driver says, or a part of it; {@code PORT} stands for the broker's.
   *
   * @param lost logged once when a broker is gone
   * @param back logged once when it is there again
   * @param notOpened to whoever opens a pipeline where nobody listens
   * @param away to whoever pushes where nobody listens
   * @param silent to whoever pushes over a network that is silent
   */
  public record Words(String lost, String back, String notOpened, String away, String silent) {}

  /** The broker, or the network before one that takes long to start or forgets its jobs. */
  protected abstract Restartable broker() throws Exception;

  /** What the driver says. */
  protected abstract Words words();

  /**
   * Opens a pipeline on the queue of this test, with {@link #log} and {@link #sink}. Whoever
   * extends this closes what it needs besides.
   *
   * @param port of the broker, at the loopback
   */
  protected abstract Pipeline open(int port) throws Exception;

  /** What becomes of a job that is worked on when its broker goes away. */
  protected Held held() {
    return Held.KEPT;
  }

  /** Whether the broker may stand behind a proxy; one that tells clients its own port may not. */
  protected boolean mayStandBehindAProxy() {
    return true;
  }

  /** How many faults a run has, unless it is a campaign. */
  protected int faults() {
    return 4;
  }

  @Test
  void doesNotOpenWithoutItsBrokerAndSaysWhereItLooked() throws Exception {
    int nobody = TestServer.freePort();
    assertThatThrownBy(() -> open(nobody)).hasMessageContaining(at(nobody, words().notOpened()));
    assertThat(log.with("WARN")).isEmpty();
  }

  private static String at(int port, String words) {
    return words.replace("PORT", Integer.toString(port));
  }

  @Test
  void goesOnAfterAnOutageWhichItTellsOnce() throws Exception {
    Pipeline pipeline = consuming();
    pipeline.push(List.of(job(TAKEN)), soon());
    Delivery taken = sink.take();
    broker().kill();
    FutureTask<Void> patient;
    try {
      Await.until("the outage is told", () -> !log.with(words().lost()).isEmpty());
      refusesInTime(pipeline, at(broker().port(), words().away()), Duration.ofSeconds(1));
      patient = new FutureTask<>(() -> tellAndPush(taken, pipeline), null);
      Thread.ofVirtual().start(patient);
    } finally {
      broker().restart();
    }
    patient.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    takeUntil(held() == Held.AGAIN ? Set.of(TAKEN, "patient") : Set.of("patient"));
    Await.until("its end is told", () -> !log.with(words().back()).isEmpty());
    assertThat(log.with("WARN")).hasSize(1);
    assertThat(log.with(words().back())).hasSize(1);
    pipeline.stop(soon());
    knowsWhatIsDone();
    assertThat(sink.losses()).isEmpty();
  }

  private Pipeline consuming() throws Exception {
    Pipeline pipeline = open(broker().port());
    pipeline.resume(soon());
    return pipeline;
  }

  private static void refusesInTime(Pipeline pipeline, String why, Duration time) {
    long begun = System.nanoTime();
    assertThatThrownBy(() -> pipeline.push(List.of(job("x")), Deadline.after(time)))
        .hasMessageContaining(why);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(IN_TIME);
  }

  private void tellAndPush(Delivery taken, Pipeline pipeline) {
    try {
      if (held() == Held.KEPT) {
        taken.ack();
      } else {
        Await.until("it is known that the broker brings it again", taken::stale);
        assertThatThrownBy(taken::ack).isInstanceOf(Exception.class);
      }
      pipeline.push(List.of(job("patient")), Deadline.after(PATIENCE));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Others may come, too: a broker that was killed may not know what was done. */
  private Set<String> takeUntil(Set<String> payloads) throws Exception {
    Set<String> taken = new HashSet<>();
    while (!taken.containsAll(payloads)) {
      Delivery next = sink.take();
      taken.add(new String(next.job().payload(), UTF_8));
      next.ack();
    }
    return taken;
  }

  private void knowsWhatIsDone() throws Exception {
    Pipeline again = consuming();
    again.push(List.of(job("the last")), soon());
    assertThat(takeUntil(Set.of("the last"))).doesNotContain(TAKEN, "patient");
    again.stop(soon());
  }

  @Test
  @EnabledIf("mayStandBehindAProxy")
  void aPushOverASilentNetworkEndsInTimeAndTheNextGoesThrough() throws Exception {
    try (TestProxy network = TestProxy.before(broker().port())) {
      Pipeline pipeline = open(network.port());
      pipeline.resume(soon());
      pipeline.push(List.of(job("before")), soon());
      takeUntil(Set.of("before"));
      network.stall();
      refusesInTime(pipeline, at(network.port(), words().silent()), Duration.ofMillis(500));
      network.resume();
      pipeline.push(List.of(job("next")), soon());
      takeUntil(Set.of("next"));
      pipeline.stop(soon());
    }
  }

  @Test
  @EnabledIf("mayStandBehindAProxy")
  void stopsInTimeWhileItsBrokerIsAway() throws Exception {
    try (TestProxy network = TestProxy.before(broker().port())) {
      Pipeline pipeline = open(network.port());
      pipeline.resume(soon());
      pipeline.push(List.of(job("taken")), soon());
      Delivery taken = sink.take();
      network.kill();
      Await.until("the outage is told", () -> !log.with(words().lost()).isEmpty());
      long begun = System.nanoTime();
      pipeline.stop(Deadline.after(Duration.ofSeconds(2)));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(IN_TIME);
      assertThatThrownBy(taken::ack).hasMessageContaining("the pipeline is probably stopped");
      assertThat(sink.losses()).isEmpty();
    }
  }

  /** A campaign takes hours. */
  @Test
  @Timeout(7200)
  void losesNothingThatWasAcknowledgedWhateverIsKilled() throws Exception {
    try (JobsChaos chaos = new JobsChaos(consuming(), sink)) {
      begin(chaos);
      int faults = JobsChaos.faults(faults());
      for (int number = 0; number < faults; number++) {
        int fault = number;
        chaos.after(20, () -> fail(chaos, fault));
      }
      chaos.finish();
      System.out.println(getClass().getSimpleName() + ": " + chaos);
      chaos.pipeline().stop(soon());
    }
  }

  /** Says what is particular about the jobs of a campaign. */
  protected void begin(JobsChaos chaos) {}

  /**
   * Kills the broker, or opens the pipeline anew instead of each third kill.
   *
   * @param number of the fault, from 0
   */
  protected void fail(JobsChaos chaos, int number) throws Exception {
    if (number % 3 == 1) {
      openAnew(chaos);
    } else {
      broker().kill();
      broker().restart();
    }
  }

  /** Stops the pipeline and opens another on its queue, which clients push to from now on. */
  protected final void openAnew(JobsChaos chaos) throws Exception {
    chaos.pipeline().stop(soon());
    chaos.use(consuming());
  }
}
