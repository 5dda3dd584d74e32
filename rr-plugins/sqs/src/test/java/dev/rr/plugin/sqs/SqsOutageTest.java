package dev.rr.plugin.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SQS, or the way to it, that is away for a while. */
@Timeout(600)
class SqsOutageTest {
  private static final String AWAY = "SQS cannot be reached";
  private static final String BACK = "SQS is reached again";

  private final ElasticMq server = ElasticMq.shared();
  private final RecordingSink sink = new RecordingSink(1000);
  private final String queue = TestSqs.unique();

  SqsOutageTest() throws Exception {}

  private static Deadline within(Duration time) {
    return Deadline.after(time);
  }

  @Test
  void aPipelineDoesNotOpenWithoutItsServerAndSaysWhereItLooked() throws Exception {
    int port = TestServer.freePort();
    try (TestSqs sqs = TestSqs.at(port)) {
      assertThatThrownBy(() -> sqs.open(TestSqs.keys(queue), sink))
          .hasMessage(
              "new_sqs_consumer: cannot reach SQS at http://127.0.0.1:"
                  + port
                  + ": Connection refused");
    }
  }

  @Test
  void anUnknownHostIsTold() throws Exception {
    try (TestSqs sqs =
        new TestSqs(
            Map.of("key", "k", "secret", "hidden", "endpoint", "http://nobody.invalid:1"))) {
      assertThatThrownBy(() -> sqs.open(TestSqs.keys(queue), sink))
          .hasMessage(
              "new_sqs_consumer: cannot reach SQS at http://nobody.invalid:1: nobody knows the"
                  + " host");
    }
  }

  @Test
  void itGoesOnAfterItsServerWasKilledAndTellsItOnce() throws Exception {
    try (TestSqs sqs = TestSqs.at(server.port())) {
      Pipeline pipeline = sqs.open(TestSqs.keys(queue), sink);
      Pipeline second = sqs.open(TestSqs.keys(queue + "-2"), sink);
      pipeline.resume(TestSqs.soon());
      second.resume(TestSqs.soon());
      pipeline.push(List.of(TestSqs.job("before")), TestSqs.soon());
      sink.take().ack();
      server.kill();
      try {
        Await.until("the outage is told", () -> sqs.log.with(AWAY).size() == 1);
        long begun = System.nanoTime();
        assertThatThrownBy(() ->
                pipeline.push(List.of(TestSqs.job("meanwhile")), within(Duration.ofSeconds(1))))
            .hasMessage(
                "sqs_push: cannot reach SQS at http://127.0.0.1:"
                    + server.port()
                    + ": Connection refused");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
      } finally {
        server.start();
      }
      Job after = TestSqs.job("after");
      pipeline.push(List.of(after), TestSqs.soon());
      Delivery delivery = sink.take();
      assertThat(delivery.job().id()).isEqualTo(after.id());
      delivery.ack();
      Await.until("its end is told", () -> !sqs.log.with(BACK).isEmpty());
      assertThat(sqs.log.with(AWAY)).hasSize(1);
      assertThat(sqs.log.with(BACK)).hasSize(1);
      assertThat(sink.losses()).isEmpty();
    }
  }

  @Test
  void anOutcomeAndAPushWaitForTheirServer() throws Exception {
    try (TestProxy proxy = TestProxy.before(server.port());
        TestSqs sqs = TestSqs.at(proxy.port())) {
      Pipeline pipeline = sqs.open(TestSqs.keys(queue), sink);
      pipeline.resume(TestSqs.soon());
      pipeline.push(List.of(TestSqs.job("x")), TestSqs.soon());
      Delivery delivery = sink.take();
      proxy.stall();
      Job waits = TestSqs.job("waits");
      Thread both =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  delivery.ack();
                  pipeline.push(List.of(waits), within(Duration.ofSeconds(30)));
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(both.join(Duration.ofMillis(300))).isFalse();
      proxy.resume();
      both.join();
      Delivery next = sink.take();
      assertThat(next.job().id()).isEqualTo(waits.id());
      next.ack();
    }
  }

  @Test
  void aPushToASilentServerEndsInTime() throws Exception {
    try (TestProxy proxy = TestProxy.before(server.port());
        TestSqs sqs = TestSqs.at(proxy.port())) {
      Pipeline pipeline = sqs.open(TestSqs.keys(queue), sink);
      proxy.stall();
      long begun = System.nanoTime();
      assertThatThrownBy(
              () -> pipeline.push(List.of(TestSqs.job("x")), within(Duration.ofMillis(500))))
          .hasMessageMatching(
              "sqs_push: cannot reach SQS at http://127.0.0.1:\\d+: no answer within \\d+ ms");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    }
  }

  @Test
  void itStopsInTimeWhileItsServerIsAway() throws Exception {
    try (TestProxy proxy = TestProxy.before(server.port());
        TestSqs sqs = TestSqs.at(proxy.port())) {
      Pipeline pipeline = sqs.open(TestSqs.keys(queue, "wait_time", "20"), sink);
      pipeline.resume(TestSqs.soon());
      pipeline.push(List.of(TestSqs.job("x")), TestSqs.soon());
      Delivery taken = sink.take();
      proxy.stall();
      long begun = System.nanoTime();
      pipeline.stop(within(Duration.ofSeconds(2)));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
      assertThatThrownBy(taken::ack).hasMessageContaining("the pipeline is probably stopped");
      assertThat(sqs.log.with("jobs could not be given back")).hasSize(1);
    }
  }

  @Test
  void aPauseDoesNotWaitForTheAnswerToALongPoll() throws Exception {
    try (TestSqs sqs = TestSqs.at(server.port())) {
      Pipeline pipeline = sqs.open(TestSqs.keys(queue, "wait_time_seconds", "20"), sink);
      pipeline.resume(TestSqs.soon());
      pipeline.push(List.of(TestSqs.job("x")), TestSqs.soon());
      sink.take().ack();
      long begun = System.nanoTime();
      pipeline.pause(TestSqs.soon());
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    }
  }

  /**
   * Clients push ids while connections are cut, the broker is killed and the pipeline is opened
   * anew at seeded moments: every id whose push succeeded is handed over. {@code -Drr.kills=100}
   * makes it a campaign.
   */
  @Test
  void nothingThatWasAcknowledgedIsLost() throws Exception {
    int kills = Integer.getInteger("rr.kills", 3);
    Random random = new Random(7);
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    Set<String> done = new HashSet<>();
    long again = 0;
    try (TestProxy proxy = TestProxy.before(server.port());
        TestSqs pushes = TestSqs.at(proxy.port());
        TestSqs sqs = TestSqs.at(proxy.port())) {
      Map<String, Object> keys = TestSqs.keys(queue, "prefetch", "10", "visibility_timeout", "2");
      Pipeline target = pushes.open(TestSqs.keys(queue), new RecordingSink(1));
      Pipeline pipeline = sqs.open(keys, sink);
      pipeline.resume(TestSqs.soon());
      RecordingSink now = sink;
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        clients.add(Thread.ofVirtual().start(() -> pushUntilInterrupted(target, acknowledged)));
      }
      for (int kill = 0; kill < kills; kill++) {
        for (int i = random.nextInt(10, 30); i > 0; i--) {
          again += settled(now.take(), random, done) ? 0 : 1;
        }
        if (kill % 3 == 1) {
          server.kill();
          server.start();
        } else {
          proxy.cut();
        }
        if (random.nextBoolean()) {
          pipeline.stop(TestSqs.soon());
          now = new RecordingSink(1000);
          pipeline = sqs.open(keys, now);
          pipeline.resume(TestSqs.soon());
        }
      }
      clients.forEach(Thread::interrupt);
      for (Thread client : clients) {
        client.join();
      }
      while (!done.containsAll(acknowledged)) {
        again += settled(now.take(), random, done) ? 0 : 1;
      }
    }
    System.out.printf(
        "sqs: %d pushes acknowledged, %d cuts and kills, none lost, %d handed over again%n",
        acknowledged.size(), kills, again);
  }

  /** Whether it was done for the first time. */
  private static boolean settled(Delivery delivery, Random random, Set<String> done) {
    try {
      if (random.nextInt(4) == 0) {
        delivery.requeue(Map.of(), Duration.ZERO);
        return false;
      }
      delivery.ack();
      return done.add(delivery.job().id());
    } catch (Exception e) {
      // It comes again.
      return false;
    }
  }

  private static void pushUntilInterrupted(Pipeline pipeline, Set<String> acknowledged) {
    while (!Thread.currentThread().isInterrupted()) {
      Job job = TestSqs.job("x");
      try {
        pipeline.push(List.of(job), within(Duration.ofSeconds(5)));
        acknowledged.add(job.id());
        Thread.sleep(20);
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        // It was not acknowledged.
      }
    }
  }
}
