package dev.rr.plugin.beanstalk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.JobsChaos;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
@Timeout(120)
class BeanstalkOutageTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  // One for each test: what it restarts must be gone with it.
  private TestBeanstalkd server;

  private final String tube = UUID.randomUUID().toString();
  private final RecordingLog log = new RecordingLog();
  private final RecordingSink sink = new RecordingSink(1000);

  @BeforeEach
  void startServer(@TempDir Path folder) throws Exception {
    server = new TestBeanstalkd(folder);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private static Deadline soon() {
    return Deadline.after(LONG);
  }

  private static Job job(String payload) {
    return new Job(
        UUID.randomUUID().toString(),
        "task",
        payload.getBytes(UTF_8),
        Map.of(),
        Job.Options.NONE.withPriority(10));
  }

  private static void push(Pipeline pipeline, Job job) throws Exception {
    pipeline.push(List.of(job), soon());
  }

  @Test
  void doesNotOpenWithoutItsServerAndSaysWhereItLooked() throws Exception {
    try (TestProxy proxy = TestProxy.before(server.port())) {
      int free = proxy.port();
      proxy.close();
      assertThatThrownBy(() -> TestBeanstalkd.open(server.at(free, LONG), tube, sink, log))
          .hasMessage(
              "new_beanstalk_consumer: cannot connect to beanstalkd at tcp://127.0.0.1:"
                  + free
                  + ": Connection refused");
    }
    assertThat(log.records()).isEmpty();
  }

  @Test
  void doesNotOpenAtAServerThatIsSilentForTooLong() throws Exception {
    try (TestProxy proxy = TestProxy.before(server.port())) {
      proxy.stall();
      assertThatThrownBy(() ->
              TestBeanstalkd.open(server.at(proxy.port(), Duration.ofMillis(300)), tube, sink, log))
          .hasMessageContaining("new_beanstalk_consumer: ");
    }
  }

  @Test
  void goesOnAfterItsServerWasKilledAndWarnsOnce() throws Exception {
    BeanstalkPipeline pipeline = TestBeanstalkd.open(server.at(LONG), tube, sink, log);
    pipeline.resume(soon());
    push(pipeline, job("worked on meanwhile"));
    Delivery first = sink.take();
    server.kill();
    Await.until("the outage is noticed", () -> !log.with("connection lost").isEmpty());
    assertThatThrownBy(first::ack).hasMessageContaining("lost");
    assertThatThrownBy(
            () -> pipeline.push(List.of(job("x")), Deadline.after(Duration.ofMillis(300))))
        .hasMessageStartingWith("beanstalk_push:\n\tbeanstalk_handle_item: cannot connect to")
        .hasMessageContaining("Connection refused");
    server.start();
    push(pipeline, job("afterwards"));
    Set<String> arrived = new HashSet<>();
    for (int i = 0; i < 2; i++) {
      Delivery next = sink.take();
      arrived.add(new String(next.job().payload(), UTF_8));
      next.ack();
    }
    assertThat(arrived).containsExactlyInAnyOrder("worked on meanwhile", "afterwards");
    Await.until("it is told", () -> log.with("connected again").size() == 1);
    assertThat(log.with("WARN")).hasSize(1);
    pipeline.stop(soon());
  }

  @Test
  void aPushWaitsForItsServerUntilItsDeadline() throws Exception {
    BeanstalkPipeline pipeline = TestBeanstalkd.open(server.at(LONG), tube, sink, log);
    server.kill();
    Thread starting =
        Thread.ofVirtual()
            .start(() -> {
              Await.until("the outage is noticed", () -> !log.with("connection lost").isEmpty());
              try {
                server.start();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    push(pipeline, job("patient"));
    starting.join();
    assertThat(pipeline.state(soon()).active()).isEqualTo(1);
    pipeline.stop(soon());
  }

  @Test
  void aPushOverASilentNetworkEndsInTimeAndTheConnectionIsMadeAnew() throws Exception {
    try (TestProxy proxy = TestProxy.before(server.port())) {
      BeanstalkPipeline pipeline =
          TestBeanstalkd.open(server.at(proxy.port(), Duration.ofMillis(500)), tube, sink, log);
      proxy.stall();
      assertThatThrownBy(
              () -> pipeline.push(List.of(job("x")), Deadline.after(Duration.ofMillis(700))))
          .hasMessageStartingWith("beanstalk_push:\n\tbeanstalk_handle_item: ");
      proxy.cut();
      proxy.resume();
      push(pipeline, job("y"));
      pipeline.resume(soon());
      Delivery next = sink.take();
      next.ack();
      pipeline.stop(soon());
    }
  }

  @Test
  void aConnectionThatIsCutOffBringsItsJobsAgain() throws Exception {
    try (TestProxy proxy = TestProxy.before(server.port())) {
      BeanstalkPipeline pipeline =
          TestBeanstalkd.open(server.at(proxy.port(), LONG), tube, sink, log);
      pipeline.resume(soon());
      Job job = job("twice");
      push(pipeline, job);
      Delivery lost = sink.take();
      proxy.cut();
      Delivery again = sink.take();
      assertThat(again.job().id()).isEqualTo(job.id());
      // What it held is not its any more: another may have it, or another job its number.
      assertThat(lost.stale()).isTrue();
      assertThat(again.stale()).isFalse();
      assertThatThrownBy(lost::ack).hasMessageContaining("lost");
      again.ack();
      assertThat(pipeline.state(soon()).reserved()).isZero();
      pipeline.stop(soon());
    }
  }

  @Test
  void stopsInTimeWhileItsServerIsAway() throws Exception {
    TestProxy proxy = TestProxy.before(server.port());
    BeanstalkPipeline pipeline =
        TestBeanstalkd.open(server.at(proxy.port(), LONG), tube, sink, log);
    pipeline.resume(soon());
    proxy.close();
    Await.until("the outage is noticed", () -> !log.with("connection lost").isEmpty());
    pipeline.stop(Deadline.after(Duration.ofSeconds(5)));
    assertThat(sink.losses()).isEmpty();
  }

  @Test
  void aJobIsKeptAsLongAsItIsWorkedOn() throws Exception {
    BeanstalkPipeline pipeline =
        TestBeanstalkd.open(server.at(Duration.ofSeconds(2)), tube, sink, log);
    pipeline.resume(soon());
    push(pipeline, job("slow"));
    Delivery slow = sink.take();
    // The server would give it to somebody else after two seconds.
    assertThat(sink.poll(3000)).isNull();
    slow.ack();
    assertThat(pipeline.state(soon()))
        .satisfies(state -> {
          assertThat(state.active()).isZero();
          assertThat(state.reserved()).isZero();
        });
    pipeline.stop(soon());
  }

  @Test
  void losesNothingThatWasAcknowledgedWhateverIsKilled() throws Exception {
    BeanstalkPipeline first = TestBeanstalkd.open(server.at(LONG), tube, sink, log);
    first.resume(soon());
    try (JobsChaos chaos = new JobsChaos(first, sink, Duration.ofMillis(200), Job.LogPlace.NONE)) {
      for (int left = JobsChaos.faults(4); left > 0; left--) {
        boolean opensAnew = chaos.random().nextInt(3) == 0;
        chaos.after(50, () -> fail(chaos, opensAnew));
      }
      chaos.finish();
      System.out.println("beanstalk: " + chaos);
      chaos.pipeline().stop(soon());
    }
  }

  private void fail(JobsChaos chaos, boolean opensAnew) throws Exception {
    if (opensAnew) {
      BeanstalkPipeline next = TestBeanstalkd.open(server.at(LONG), tube, sink, log);
      next.resume(soon());
      Pipeline old = chaos.pipeline();
      chaos.use(next);
      old.stop(soon());
    } else {
      server.kill();
      server.start();
    }
  }

  @Test
  void aPushOverASilentNetworkIsBoundedByItsDeadlineHoweverMuchThereIsToSend() throws Exception {
    try (TestProxy proxy = TestProxy.before(server.port())) {
      BeanstalkPipeline pipeline =
          TestBeanstalkd.open(server.at(proxy.port(), LONG), tube, sink, log);
      proxy.stall();
      List<Job> jobs = Collections.nCopies(500, job("x".repeat(60_000)));
      long begun = System.nanoTime();
      assertThatThrownBy(() -> pipeline.push(jobs, Deadline.after(Duration.ofMillis(500))))
          .hasMessageStartingWith("beanstalk_push:\n\tbeanstalk_handle_item: beanstalkd at ");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
      proxy.close();
      pipeline.stop(soon());
    }
  }
}
