package dev.rr.plugin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.worker.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that is killed and comes back. */
@Timeout(600)
class KafkaOutageTest {
  private final TestBroker broker = TestBroker.shared();
  private final TestKafka kafka = TestKafka.at(broker.address());
  private final String topic = TestKafka.unique();

  KafkaOutageTest() throws Exception {}

  @AfterEach
  void close() throws Exception {
    kafka.close();
  }

  private static List<Job> jobs(int count) {
    return IntStream.range(0, count).mapToObj(i -> TestKafka.job("job " + i)).toList();
  }

  private static List<String> ids(List<Job> jobs) {
    return jobs.stream().map(Job::id).toList();
  }

  @Test
  void aPipelineOutlivesItAndTellsItOnce() throws Exception {
    RecordingSink sink = new RecordingSink(1000);
    Pipeline pipeline = kafka.open("p", TestKafka.keys(topic), sink);
    pipeline.resume(TestKafka.soon());
    pipeline.push(jobs(10), TestKafka.soon());
    List<Delivery> taken = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      taken.add(sink.take());
    }
    broker.kill();
    try {
      long begun = System.nanoTime();
      assertThatThrownBy(() -> pipeline.push(jobs(1), Deadline.after(Duration.ofSeconds(1))))
          .hasMessageContainingAll("kafka_push", "context deadline exceeded", broker.address());
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
      Await.until("the outage is told", () -> kafka.log.with("redialing").size() == 1);
      for (Delivery delivery : taken) {
        delivery.ack();
      }
    } finally {
      broker.start();
    }
    List<Job> after = jobs(10);
    pipeline.push(after, Deadline.after(Duration.ofSeconds(60)));
    takeAll(sink, Set.copyOf(ids(after)));
    Await.until("its end is told", () -> kafka.log.with("restored").size() == 1);
    assertThat(kafka.log.with("redialing")).hasSize(1);
    assertThat(sink.losses()).isEmpty();
  }

  private static void takeAll(RecordingSink sink, Set<String> wanted) throws Exception {
    Set<String> missing = new HashSet<>(wanted);
    while (!missing.isEmpty()) {
      Delivery delivery = sink.take();
      delivery.ack();
      missing.remove(delivery.job().id());
    }
  }

  /**
   * Clients push ids while the broker is killed and the pipeline opened anew at seeded moments:
   * every id whose push succeeded is handed over. {@code -Drr.kills=20} makes it a campaign.
   */
  @Test
  void nothingThatWasAcknowledgedIsLost() throws Exception {
    int kills = Integer.getInteger("rr.kills", 1);
    Random random = new Random(7);
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    RecordingSink sink = new RecordingSink(100_000);
    Set<String> done = new HashSet<>();
    Pipeline pushes = kafka.open("pushes", TestKafka.keys(topic), new RecordingSink(1));
    Pipeline pipeline = kafka.open("p", TestKafka.keys(topic), sink);
    pipeline.resume(TestKafka.soon());
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(Thread.ofVirtual().start(() -> pushUntilInterrupted(pushes, acknowledged)));
    }
    long again = 0;
    for (int kill = 0; kill < kills; kill++) {
      for (int i = random.nextInt(20, 60); i > 0; i--) {
        again += settled(sink.take(), random, done) ? 0 : 1;
      }
      broker.kill();
      boolean opensAnew = kill == 0 || random.nextBoolean();
      if (opensAnew) {
        pipeline.stop(TestKafka.soon());
      }
      broker.start();
      if (opensAnew) {
        sink = new RecordingSink(100_000);
        pipeline = kafka.open("p", TestKafka.keys(topic), sink);
        pipeline.resume(TestKafka.soon());
      }
    }
    clients.forEach(Thread::interrupt);
    for (Thread client : clients) {
      client.join();
    }
    while (!done.containsAll(acknowledged)) {
      again += settled(sink.take(), random, done) ? 0 : 1;
    }
    System.out.printf(
        "kafka: %d pushes acknowledged, %d kills, none lost, %d handed over again%n",
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
      Job job = TestKafka.job("x");
      try {
        pipeline.push(List.of(job), Deadline.after(Duration.ofSeconds(5)));
        acknowledged.add(job.id());
        Thread.sleep(5);
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        // It was not acknowledged.
      }
    }
  }
}
