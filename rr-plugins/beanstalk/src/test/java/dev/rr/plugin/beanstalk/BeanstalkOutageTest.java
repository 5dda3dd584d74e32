package dev.rr.plugin.beanstalk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
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
    int rounds = Integer.getInteger("rr.jobs.chaos.rounds", 4);
    Random random = new Random(Integer.getInteger("rr.jobs.chaos.seed", 7));
    Set<String> pushed = ConcurrentHashMap.newKeySet();
    Set<String> worked = ConcurrentHashMap.newKeySet();
    AtomicBoolean over = new AtomicBoolean();
    BeanstalkPipeline pipeline = TestBeanstalkd.open(server.at(LONG), tube, sink, log);
    List<Thread> threads = new ArrayList<>();
    BeanstalkPipeline[] current = {pipeline};
    for (int i = 0; i < 3; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                while (!over.get()) {
                  Job job = job("chaos");
                  try {
                    current[0].push(List.of(job), Deadline.after(Duration.ofMillis(200)));
                    pushed.add(job.id());
                  } catch (Exception e) {
                    // Nothing was acknowledged.
                  }
                }
              }));
    }
    threads.add(
        Thread.ofVirtual()
            .start(() -> {
              while (!over.get()) {
                work(worked);
              }
            }));
    pipeline.resume(soon());
    for (int round = 0; round < rounds; round++) {
      int enough = worked.size() + 50 + random.nextInt(100);
      Await.until("it works again", () -> worked.size() > enough);
      if (random.nextInt(3) == 0) {
        BeanstalkPipeline old = current[0];
        BeanstalkPipeline next = TestBeanstalkd.open(server.at(LONG), tube, sink, log);
        next.resume(soon());
        current[0] = next;
        old.stop(soon());
      } else {
        server.kill();
        server.start();
      }
    }
    over.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    Await.until(
        Duration.ofSeconds(60),
        () -> {
          pushed.removeAll(worked);
          return "all are worked on; left " + pushed + ", tube " + state(current[0]);
        },
        () -> {
          work(worked);
          return worked.containsAll(pushed);
        });
    current[0].stop(soon());
  }

  private static Object state(Pipeline pipeline) {
    try {
      return pipeline.state(soon());
    } catch (Exception e) {
      return e;
    }
  }

  private void work(Set<String> worked) {
    try {
      Delivery next = sink.poll(10);
      if (next != null) {
        // An answer that is lost may be that of an outcome which the server has.
        worked.add(next.job().id());
        next.ack();
      }
    } catch (Exception e) {
      // It comes again.
    }
  }
}
