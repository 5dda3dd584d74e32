package dev.rr.plugin.googlepubsub;

import static dev.rr.testing.jobs.TestJobs.job;
import static dev.rr.testing.jobs.TestJobs.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.jobs.Delivery;
import dev.rr.testing.jobs.BrokerOutageContract;
import dev.rr.testing.server.Restartable;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.worker.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PubSubOutageTest extends BrokerOutageContract {
  /** What is lost with its connection comes again after that. */
  private static final Duration LEASE = Duration.ofSeconds(2);

  private static TestPubSub server;

  private final String topic = UUID.randomUUID().toString();
  private final List<PubSubClient> clients = new ArrayList<>();
  private TestProxy network;

  @BeforeAll
  static void startServer(@TempDir Path folder) throws Exception {
    server = new TestPubSub(folder);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void connect() throws Exception {
    network = TestProxy.before(server.port());
  }

  @AfterEach
  void closeClients() throws Exception {
    for (PubSubClient client : clients) {
      client.close(soon());
    }
    network.close();
  }

  /** The fake keeps nothing over its own death, so here the network dies. */
  @Override
  protected Restartable broker() {
    return network;
  }

  @Override
  protected Words words() {
    String unreachable = "cannot reach Pub/Sub at 127.0.0.1:PORT: Connection refused";
    return new Words(
        "connection lost",
        "connected again",
        "google_pub_sub_consumer: " + unreachable,
        "google_pub_sub_push: " + unreachable,
        "google_pub_sub_push: Pub/Sub at 127.0.0.1:PORT does not answer");
  }

  @Override
  protected PubSubPipeline open(int port) throws Exception {
    return TestPubSub.open(
        client(port), "pipeline-" + topic, TestPubSub.keys(topic, 10), LEASE, sink, log);
  }

  private PubSubClient client(int port) throws Exception {
    PubSubClient client = TestPubSub.client(port, log);
    clients.add(client);
    return client;
  }

  private PubSubPipeline open() throws Exception {
    return open(server.port());
  }

  private Delivery take(String payload) throws Exception {
    Delivery next = sink.take();
    assertThat(next.job().payload()).asString(UTF_8).isEqualTo(payload);
    return next;
  }

  @Test
  void aFailureThatIsHeardOfOnceTheConnectionIsThereAgainIsNoOutage() {
    PubSubOutage outage = new PubSubOutage(log);
    outage.used();
    outage.down(this, new IOException("late"), () -> true);
    assertThat(log.records()).isEmpty();
  }

  @Test
  void aServerThatHasForgottenTheTopicIsToldOfItAgain() throws Exception {
    PubSubPipeline pipeline = open();
    pipeline.resume(soon());
    pipeline.push(List.of(job("before")), soon());
    take("before").ack();
    server.kill();
    Await.until("the outage is noticed", () -> !log.with("connection lost").isEmpty());
    server.restart();
    Await.until("the topic is made anew", () -> !log.with("made anew").isEmpty());
    pipeline.push(List.of(job("afterwards")), soon());
    take("afterwards").ack();
    pipeline.stop(soon());
    assertThat(log.with("WARN")).hasSize(1);
  }

  @Test
  void aTopicThatIsGoneIsMadeAnewByAPush() throws Exception {
    PubSubPipeline pipeline = open();
    server.kill();
    server.restart();
    pipeline.push(List.of(job("first")), soon());
    pipeline.resume(soon());
    take("first").ack();
    pipeline.stop(soon());
  }

  @Test
  void aJobThatIsWorkedOnKeepsItsPlaceWhenTheNetworkIsCut() throws Exception {
    PubSubPipeline pipeline = open(network.port());
    pipeline.resume(soon());
    pipeline.push(List.of(job("worked on")), soon());
    Delivery first = take("worked on");
    network.cut();
    pipeline.push(List.of(job("next")), soon());
    take("next").ack();
    first.ack();
    assertThat(sink.poll(3000)).isNull();
    pipeline.stop(soon());
  }
}
