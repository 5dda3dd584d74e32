package dev.rr.plugin.googlepubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.JobsDriverContract;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.worker.RecordingLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PubSubPipelineTest extends JobsDriverContract {
  private static final Duration LEASE = TestPubSub.LEASE;
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final RecordingLog LOG = new RecordingLog();

  private static TestPubSub server;
  private static PubSubClient client;

  private final RecordingSink sink = new RecordingSink(1000);
  private String topic = "";

  @BeforeAll
  static void startServer(@TempDir Path folder) throws Exception {
    server = new TestPubSub(folder);
    client = server.client(LOG);
  }

  @AfterAll
  static void stopServer() throws Exception {
    client.close(soon());
    server.close();
  }

  @Override
  protected Pipeline open(JobSink sink) throws Exception {
    topic = UUID.randomUUID().toString();
    return open(sink, 100);
  }

  @Override
  protected Optional<Pipeline> reopen(JobSink sink) throws Exception {
    return Optional.of(open(sink, 100));
  }

  @Override
  protected Optional<Pipeline> openWith(JobSink sink, int prefetch) throws Exception {
    topic = UUID.randomUUID().toString();
    return Optional.of(open(sink, prefetch));
  }

  /** As upstream has it, they come again until they were refused too often. */
  @Override
  protected boolean dropsRefusedJobs() {
    return false;
  }

  private PubSubPipeline open(JobSink sink, int prefetch) throws Exception {
    return TestPubSub.open(client, TestPubSub.keys(topic, prefetch), sink, LOG);
  }

  private PubSubPipeline open(String name, String deadLetterTopic, int attempts) throws Exception {
    return TestPubSub.open(
        client, name, new PubSubKeys("rr", topic, deadLetterTopic, attempts, 0), LEASE, sink, LOG);
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  private Job delayed(String payload, Duration delay) {
    Job job = job(payload);
    return job.withOptions(job.options().withDelay(delay));
  }

  private static String payload(Delivery delivery) {
    return new String(delivery.job().payload(), UTF_8);
  }

  @Test
  void handsOverNoMoreThanItsPrefetch() throws Exception {
    PubSubPipeline pipeline = open(sink, 3);
    pipeline.push(IntStream.range(0, 20).mapToObj(i -> job("job " + i)).toList(), soon());
    pipeline.resume(soon());
    for (int i = 0; i < 20; i++) {
      Delivery next = sink.take();
      assertThat(sink.size()).isLessThan(3);
      next.ack();
    }
    assertThat(sink.poll(100)).isNull();
    pipeline.stop(soon());
  }

  @Test
  void jobsThatAreNotDueHoldUpNoOthers() throws Exception {
    PubSubPipeline pipeline = open(sink, 2);
    pipeline.resume(soon());
    pipeline.push(
        IntStream.range(0, 10).mapToObj(i -> delayed("later", Duration.ofSeconds(2))).toList(),
        soon());
    pipeline.push(List.of(job("now")), soon());
    Delivery now = sink.take();
    assertThat(payload(now)).isEqualTo("now");
    now.ack();
    for (int i = 0; i < 10; i++) {
      Delivery later = sink.take();
      assertThat(payload(later)).isEqualTo("later");
      later.ack();
    }
    pipeline.stop(soon());
  }

  @Test
  void countsWhatItHolds() throws Exception {
    PubSubPipeline pipeline = open(sink, 100);
    pipeline.resume(soon());
    pipeline.push(List.of(delayed("later", Duration.ofSeconds(1)), job("now")), soon());
    Delivery now = sink.take();
    Delivery later = sink.take();
    assertThat(pipeline.state(soon()).delayed()).isZero();
    assertThat(pipeline.state(soon()).reserved()).isEqualTo(2);
    assertThat(pipeline.state(soon()).active()).isZero();
    assertThat(pipeline.state(soon()).queue()).isEqualTo(topic);
    now.ack();
    later.ack();
    assertThat(pipeline.state(soon()).reserved()).isZero();
    pipeline.stop(soon());
  }

  @Test
  void aJobIsKeptAsLongAsItIsWorkedOn() throws Exception {
    topic = UUID.randomUUID().toString();
    PubSubKeys keys = TestPubSub.keys(topic, 10);
    PubSubPipeline pipeline = TestPubSub.open(client, "slow", keys, SHORT, sink, LOG);
    pipeline.resume(soon());
    pipeline.push(List.of(job("slow")), soon());
    Delivery slow = sink.take();
    // The server would give it to somebody else after a second.
    RecordingSink others = new RecordingSink(10);
    PubSubPipeline other = TestPubSub.open(client, "slow", keys, SHORT, others, LOG);
    other.resume(soon());
    assertThat(others.poll(2000)).isNull();
    assertThat(sink.poll(0)).isNull();
    slow.ack();
    other.stop(soon());
    pipeline.stop(soon());
  }

  @Test
  void aJobThatWasRefusedTooOftenGoesToTheDeadLetterTopic() throws Exception {
    topic = UUID.randomUUID().toString();
    String dead = topic + "-dead";
    PubSubPipeline pipeline = open("living-" + topic, dead, 5);
    RecordingSink graves = new RecordingSink(10);
    PubSubPipeline buried =
        TestPubSub.open(client, "dead-" + topic, TestPubSub.keys(dead, 10), LEASE, graves, LOG);
    buried.resume(soon());
    pipeline.resume(soon());
    Job job = job("refused");
    pipeline.push(List.of(job), soon());
    for (int attempt = 0; attempt < 5; attempt++) {
      Delivery delivery = sink.take();
      assertThat(delivery.job().id()).isEqualTo(job.id());
      delivery.nack(false, Duration.ZERO);
    }
    Delivery grave = graves.take();
    assertThat(grave.job().id()).isEqualTo(job.id());
    grave.ack();
    assertThat(sink.poll(100)).isNull();
    buried.stop(soon());
    pipeline.stop(soon());
  }

  @Test
  void aRequeuedJobIsNotCountedAsRefused() throws Exception {
    topic = UUID.randomUUID().toString();
    PubSubPipeline pipeline = open("counted-" + topic, topic + "-dead", 5);
    pipeline.resume(soon());
    Job job = job("again");
    pipeline.push(List.of(job), soon());
    for (int attempt = 0; attempt < 8; attempt++) {
      sink.take().requeue(Map.of("attempt", List.of("" + attempt)), Duration.ZERO);
    }
    Delivery last = sink.take();
    assertThat(last.job().headers()).containsEntry("attempt", List.of("7"));
    last.ack();
    pipeline.stop(soon());
  }

  @Test
  void pipelinesOfOneTopicHaveAllItsJobsEach() throws Exception {
    topic = UUID.randomUUID().toString();
    RecordingSink others = new RecordingSink(10);
    PubSubPipeline one = open("one-" + topic, "", 0);
    PubSubPipeline other =
        TestPubSub.open(client, "other-" + topic, TestPubSub.keys(topic, 10), LEASE, others, LOG);
    one.resume(soon());
    other.resume(soon());
    one.push(List.of(job("for both")), soon());
    Delivery first = sink.take();
    Delivery second = others.take();
    assertThat(first.job().id()).isEqualTo(second.job().id());
    first.ack();
    second.ack();
    one.stop(soon());
    other.stop(soon());
  }

  @Test
  void aSubscriptionOfAnotherTopicIsRefused() throws Exception {
    topic = UUID.randomUUID().toString();
    String name = "moved-" + topic;
    open(name, "", 0).stop(soon());
    String before = topic;
    topic = UUID.randomUUID().toString();
    assertThatThrownBy(() -> open(name, "", 0))
        .hasMessage(
            ("google_pub_sub_consumer: projects/rr/subscriptions/%s is a subscription of"
                    + " projects/rr/topics/%s, not of projects/rr/topics/%s; delete it, or rename"
                    + " the pipeline")
                .formatted(name, before, topic));
  }

  @Test
  void aLargeBatchTakesSeveralRequests() throws Exception {
    PubSubPipeline pipeline = open(sink, 100);
    List<Job> jobs =
        IntStream.range(0, 6)
            .mapToObj(i -> job(Character.toString('a' + i).repeat(1 << 20)))
            .toList();
    pipeline.push(jobs, soon());
    pipeline.resume(soon());
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < jobs.size(); i++) {
      Delivery next = sink.take();
      ids.add(next.job().id());
      next.ack();
    }
    assertThat(ids).containsExactlyInAnyOrderElementsOf(jobs.stream().map(Job::id).toList());
    pipeline.stop(soon());
  }
}
