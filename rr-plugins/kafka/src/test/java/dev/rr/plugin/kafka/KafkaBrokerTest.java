package dev.rr.plugin.kafka;

import static dev.rr.testing.jobs.TestJobs.job;
import static dev.rr.testing.jobs.TestJobs.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.worker.LeakCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only Kafka has: groups, offsets, topics, codecs, and how it lets clients in. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class KafkaBrokerTest {
  private final List<TestKafka> plugins = new ArrayList<>();
  private final RecordingSink sink = new RecordingSink(5000);
  private final String topic = TestKafka.unique();
  private final TestBroker broker;

  KafkaBrokerTest() throws Exception {
    broker = TestBroker.shared();
  }

  @AfterEach
  void close() throws Exception {
    for (TestKafka plugin : plugins) {
      plugin.close();
    }
  }

  private TestKafka kafka() {
    return kafka(TestKafka.at(broker.address()));
  }

  private TestKafka kafka(TestKafka made) {
    plugins.add(made);
    return made;
  }

  private Pipeline open(Map<String, ?> keys, RecordingSink to) throws Exception {
    return kafka().open("p", keys, to);
  }

  private static List<Job> jobs(int count) {
    return IntStream.range(0, count).mapToObj(i -> job("job " + i)).toList();
  }

  private static List<String> ids(List<Job> jobs) {
    return jobs.stream().map(Job::id).toList();
  }

  private static List<Delivery> take(RecordingSink from, int count) throws Exception {
    List<Delivery> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(from.take());
    }
    return taken;
  }

  @Test
  void commitsNothingBehindAJobThatIsNotFinished() throws Exception {
    Pipeline pipeline = open(TestKafka.keys(topic), sink);
    List<Job> jobs = jobs(5);
    pipeline.push(jobs, soon());
    pipeline.resume(soon());
    List<Delivery> taken = take(sink, 5);
    for (int finished : List.of(0, 1, 3, 4)) {
      taken.get(finished).ack();
    }
    pipeline.stop(soon());

    RecordingSink next = new RecordingSink(10);
    Pipeline again = open(TestKafka.keys(topic), next);
    again.resume(soon());
    List<Delivery> left = take(next, 3);
    assertThat(left.stream().map(d -> d.job().id()))
        .containsExactlyElementsOf(ids(jobs.subList(2, 5)));
    assertThat(left.getFirst().place().offset()).isEqualTo(2);
    for (Delivery delivery : left) {
      delivery.ack();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void handsAHundredJobsOverOnceWithAGroupAndWithout(boolean group) throws Exception {
    Map<String, Object> keys = TestKafka.keys(topic);
    if (!group) {
      keys.remove("group_options");
    }
    Pipeline pipeline = open(keys, sink);
    List<Job> jobs = jobs(100);
    pipeline.push(jobs, soon());
    pipeline.resume(soon());
    List<Delivery> taken = take(sink, 100);
    for (Delivery delivery : taken) {
      delivery.ack();
    }
    assertThat(taken.stream().map(delivery -> delivery.job().id()))
        .containsExactlyInAnyOrderElementsOf(ids(jobs));
    assertThat(sink.size()).isZero();
  }

  @Test
  void withoutAGroupEveryStartBeginsWhereItIsConfigured() throws Exception {
    Pipeline pushes = open(Map.of("auto_create_topics_enable", "true"), sink);
    List<Job> jobs =
        jobs(4).stream()
            .map(job ->
                job.withOptions(
                    new Job.Options(1, Duration.ZERO, false, new Job.LogPlace(topic, "", 0, 0))))
            .toList();
    pushes.push(jobs, soon());
    assertThat(pushes.state(soon()).queue()).isEqualTo("NO TOPICS");
    assertBegins("{\"topics\": [\"" + topic + "\"]}", ids(jobs));
    assertBegins("{\"topics\": [\"" + topic + "\"]}", ids(jobs));
    assertBegins(
        "{\"topics\": [\""
            + topic
            + "\"], \"consumer_offset\": {\"type\": \"Relative\", \"value\": -1}}",
        ids(jobs.subList(3, 4)));
    assertBegins(
        "{\"consume_partitions\": {\"" + topic + "\": {\"0\": {\"type\": \"At\", \"value\": 2}}}}",
        ids(jobs.subList(2, 4)));
    assertBegins(
        "{\"topics\": [\""
            + topic.substring(1)
            + "$\"], \"consume_regexp\": true,"
            + " \"consumer_offset\": {\"type\": \"AfterMilli\", \"value\": 1}}",
        ids(jobs));
  }

  private void assertBegins(String consumer, List<String> ids) throws Exception {
    RecordingSink own = new RecordingSink(10);
    try (TestKafka once = TestKafka.at(broker.address())) {
      once.open("p", Map.of("consumer_options", consumer), own).resume(soon());
      List<Delivery> taken = take(own, ids.size());
      assertThat(taken.stream().map(d -> d.job().id())).containsExactlyElementsOf(ids);
      for (Delivery delivery : taken) {
        delivery.ack();
      }
    }
  }

  @Test
  void twoConsumersOfAGroupShareTheTopicAndOneTakesOverFromTheOther() throws Exception {
    broker.topic(topic, 2);
    Pipeline first = open(TestKafka.keys(topic), sink);
    first.push(jobs(20), soon());
    first.resume(soon());
    List<Delivery> taken = take(sink, 20);

    RecordingSink others = new RecordingSink(100);
    Pipeline second = open(TestKafka.keys(topic), others);
    second.resume(soon());
    Delivery moved = others.take();
    int partition = moved.place().partition();
    Delivery late =
        taken.stream().filter(d -> d.place().partition() == partition).findFirst().orElseThrow();
    assertThatThrownBy(late::ack).hasMessageContaining("went to another consumer");
    for (Delivery delivery : taken) {
      if (delivery.place().partition() != partition) {
        delivery.ack();
      }
    }
    second.stop(soon());
    Set<String> again = new HashSet<>();
    long expected = taken.stream().filter(d -> d.place().partition() == partition).count();
    while (again.size() < expected) {
      Delivery delivery = sink.take();
      assertThat(delivery.place().partition()).isEqualTo(partition);
      delivery.ack();
      again.add(delivery.job().id());
    }
  }

  @Test
  void readsNoMoreThanItHasAPlaceForAndLosesNothing() throws Exception {
    RecordingSink narrow = new RecordingSink(1);
    Pipeline pipeline = open(TestKafka.keys(topic), narrow);
    List<Job> jobs = jobs(3000);
    pipeline.push(jobs, soon());
    pipeline.resume(soon());
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < jobs.size(); i++) {
      Delivery delivery = narrow.take();
      assertThat(seen.add(delivery.job().id())).as("the first time").isTrue();
      delivery.ack();
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(ids(jobs));
  }

  @Test
  void readsWhatItHasCompressed() throws Exception {
    Pipeline pipeline = open(TestKafka.keys(topic), sink);
    pipeline.resume(soon());
    for (String codec : List.of("gzip", "snappy", "lz4", "zstd")) {
      Map<String, Object> keys = TestKafka.keys(topic);
      keys.put("producer_options", "{\"compression_codec\": \"" + codec + "\"}");
      open(keys, sink).push(List.of(job(codec + "x".repeat(5000))), soon());
      Delivery delivery = sink.take();
      assertThat(delivery.job().payload()).asString(UTF_8).isEqualTo(codec + "x".repeat(5000));
      assertThat(delivery.queue()).isEqualTo(topic);
      delivery.ack();
    }
  }

  @Test
  void aTopicThatIsNotThereIsToldUnlessItMayBeMade() throws Exception {
    Map<String, Object> keys = TestKafka.keys(topic);
    keys.remove("auto_create_topics_enable");
    Pipeline pipeline = open(keys, sink);
    assertThatThrownBy(() -> pipeline.push(jobs(1), soon()))
        .hasMessageContainingAll(
            "kafka_push", "kafka_handle_item", "UNKNOWN_TOPIC_OR_PARTITION", topic);
    pipeline.resume(soon());
    broker.topic(topic, 1);
    pipeline.push(jobs(1), soon());
    sink.take().ack();
  }

  @Test
  void aJobThatIsTooLargeIsRefusedAndTheNextIsNot() throws Exception {
    Pipeline pipeline = open(TestKafka.keys(topic), sink);
    assertThatThrownBy(() -> pipeline.push(List.of(job("x".repeat(1_100_000))), soon()))
        .hasMessageContainingAll("kafka_push", "max.request.size");
    pipeline.push(jobs(1), soon());
  }

  @Test
  void delaysAreLeftOutOfPushesAndToldOnce() throws Exception {
    TestKafka kafka = kafka();
    Pipeline pipeline = kafka.open("p", TestKafka.keys(topic), sink);
    pipeline.resume(soon());
    Job delayed =
        job("d").withOptions(new Job.Options(1, Duration.ofHours(1), false, Job.LogPlace.NONE));
    pipeline.push(List.of(delayed, delayed), soon());
    sink.take().requeue(Map.of(), Duration.ofHours(1));
    sink.take().ack();
    assertThat(pipeline.state(soon()).delayed()).isEqualTo(1);
    assertThat(kafka.log.records()).filteredOn(line -> line.contains("cannot delay")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "SCRAM-SHA-256", "SCRAM-SHA-512"})
  void saysWhoItIs(String mechanism) throws Exception {
    String password = mechanism.equals("plain") ? "p\"ss\\" : "scram";
    Map<String, Object> sasl =
        Map.of("mechanism", mechanism, "username", "worker", "password", password);
    TestKafka kafka =
        kafka(
            TestKafka.with(
                Map.of("brokers", List.of("127.0.0.1:" + broker.saslPort), "sasl", sasl),
                broker.folder));
    Pipeline pipeline = kafka.open("p", TestKafka.keys(topic), sink);
    pipeline.push(jobs(1), soon());
    pipeline.resume(soon());
    sink.take().ack();
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() {
    TestKafka kafka =
        kafka(
            TestKafka.with(
                Map.of("brokers", List.of("127.0.0.1:" + broker.saslPort)), broker.folder));
    Map<String, Object> keys = TestKafka.keys(topic);
    keys.put(
        "sasl_options",
        "{\"mechanism\": \"plain\", \"username\": \"worker\", \"password\": \"hush\"}");
    assertThatThrownBy(() -> kafka.open("p", keys, sink))
        .hasMessageContainingAll("kafka_ping: unable to dial", "Invalid username or password")
        .message()
        .doesNotContain("hush");
  }

  @Test
  void speaksTlsAndShowsItsCertificate() throws Exception {
    Map<String, Object> files =
        Map.of("root_ca", "server.crt", "cert", "client.crt", "key", "client.key");
    TestKafka kafka =
        kafka(
            TestKafka.with(
                Map.of("brokers", List.of("127.0.0.1:" + broker.tlsPort), "tls", files),
                broker.folder));
    Pipeline pipeline = kafka.open("p", TestKafka.keys(topic), sink);
    pipeline.push(jobs(1), soon());
    pipeline.resume(soon());
    sink.take().ack();
  }
}
