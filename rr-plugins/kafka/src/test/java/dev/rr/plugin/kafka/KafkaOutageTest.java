package dev.rr.plugin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.JobsChaos;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.worker.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  private final RecordingSink sink = new RecordingSink(100_000);

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

  /** A kill takes seconds, of which the broker's start is most. */
  @Test
  void losesNothingThatWasAcknowledgedWhateverIsKilled() throws Exception {
    Pipeline first = kafka.open("p", TestKafka.keys(topic), sink);
    first.resume(TestKafka.soon());
    try (JobsChaos chaos = new JobsChaos(first, sink, Duration.ofSeconds(2), Job.LogPlace.NONE)) {
      for (int left = JobsChaos.faults(1); left > 0; left--) {
        boolean opensAnew = left == 1 || chaos.random().nextBoolean();
        chaos.after(20, () -> fail(chaos, opensAnew));
      }
      chaos.finish();
      System.out.println("kafka: " + chaos);
    }
  }

  private static void stop(Pipeline pipeline) {
    try {
      pipeline.stop(TestKafka.soon());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Kills the broker, and the pipeline with it; or the broker alone. */
  private void fail(JobsChaos chaos, boolean opensAnew) throws Exception {
    broker.kill();
    Thread stopping = Thread.ofVirtual().unstarted(() -> stop(chaos.pipeline()));
    if (opensAnew) {
      stopping.start();
    }
    broker.start();
    if (opensAnew) {
      stopping.join();
      Pipeline next = kafka.open("p", TestKafka.keys(topic), sink);
      next.resume(TestKafka.soon());
      chaos.use(next);
    }
  }
}
