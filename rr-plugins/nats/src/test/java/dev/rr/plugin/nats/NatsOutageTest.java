package dev.rr.plugin.nats;

import static dev.rr.testing.jobs.TestJobs.job;
import static dev.rr.testing.jobs.TestJobs.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.BrokerOutageContract;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.server.Restartable;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import io.nats.client.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NatsOutageTest extends BrokerOutageContract {
  /** More than a server gets rid of by itself before it tries the first of them again. */
  private static final int MANY = 60;

  private static final Duration LONG = Duration.ofSeconds(30);

  private static TestServer nats;
  private static Path folder;

  private final String stream = UUID.randomUUID().toString();
  private final List<NatsServer> clients = new ArrayList<>();

  @BeforeAll
  static void startServer(@TempDir Path made) throws Exception {
    folder = made;
    nats = TestNats.start(folder);
  }

  @AfterAll
  static void stopServer() {
    nats.close();
  }

  @AfterEach
  void closeClients() throws Exception {
    for (NatsServer client : clients) {
      client.close(Duration.ofSeconds(5));
    }
  }

  @Override
  protected Restartable broker() {
    return nats;
  }

  @Override
  protected Words words() {
    String server = "nats-server at nats://127.0.0.1:PORT";
    return new Words(
        "connection lost",
        "connected again",
        "new_nats_consumer: cannot connect to " + server + ": ",
        "nats_consumer_push: cannot connect to " + server + ": Connection refused",
        "nats_consumer_push: " + server + " does not answer");
  }

  @Override
  protected Pipeline open(int port) throws Exception {
    return open(client(port));
  }

  private NatsServer client(int port) {
    NatsServer client = TestNats.client(port, log);
    clients.add(client);
    return client;
  }

  private NatsPipeline open(NatsServer client) throws Exception {
    return TestNats.open(client, TestNats.keys(stream, 10, "5s", false), sink, log);
  }

  @Test
  void aPasswordIsInNoMessageOfAServerThatIsAway() throws Exception {
    TestProxy proxy = TestProxy.before(nats.port());
    proxy.close();
    NatsServer client =
        new NatsServer(List.of("nats://user:secret@127.0.0.1:" + proxy.port()), log);
    clients.add(client);
    try {
      NatsPipeline opened = open(client);
      throw new AssertionError(opened + " is open");
    } catch (Exception e) {
      for (Throwable at = e; at != null; at = at.getCause()) {
        assertThat(String.valueOf(at.getMessage())).doesNotContain("secret");
      }
      assertThat(e).hasMessageEndingWith("Connection refused");
    }
    assertThat(log.with("secret")).isEmpty();
  }

  private static long pending(NatsPipeline pipeline) {
    try {
      return pipeline.state(soon()).active();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoNeedsTheStreamMadeWaitsForNobodyElseLongerThanItMay() throws Exception {
    try (TestProxy proxy = TestProxy.before(nats.port())) {
      NatsServer client = client(proxy.port());
      NatsPipeline pipeline = open(client);
      Connection connection = client.connection(LONG);
      proxy.stall();
      Thread patient =
          Thread.ofVirtual()
              .start(() ->
                  assertThatThrownBy(
                          () -> pipeline.ensure(connection, Deadline.after(Duration.ofSeconds(30))))
                      .isInstanceOf(IOException.class));
      long begun = System.nanoTime();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(
                () -> pipeline.ensure(connection, Deadline.after(Duration.ofMillis(200))))
            .isInstanceOf(IOException.class);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
      proxy.cut();
      proxy.resume();
      patient.join();
      pipeline.stop(soon());
    }
  }

  @Test
  void aJobIsKeptAsLongAsItIsWorkedOn() throws Exception {
    NatsPipeline pipeline =
        TestNats.open(client(nats.port()), TestNats.keys(stream, 10, "2s", false), sink, log);
    pipeline.resume(soon());
    pipeline.push(List.of(job("slow")), soon());
    Delivery slow = sink.take();
    // The server would give it to somebody else after two seconds.
    RecordingSink other = new RecordingSink(10);
    NatsPipeline second =
        TestNats.open(client(nats.port()), TestNats.keys(stream, 10, "2s", false), other, log);
    second.resume(soon());
    assertThat(other.poll(3500)).isNull();
    assertThat(sink.poll(0)).isNull();
    slow.ack();
    second.stop(soon());
    pipeline.stop(soon());
  }

  @Test
  void aStreamThatWasDeletedIsMadeAnewAndItsJobsAreNotHeldAnyMore() throws Exception {
    NatsServer client = client(nats.port());
    NatsPipeline pipeline = open(client);
    pipeline.resume(soon());
    pipeline.push(List.of(job("gone")), soon());
    Delivery gone = sink.take();
    client.connection(LONG).jetStreamManagement().deleteStream(stream);
    Job next = job("afterwards");
    pipeline.push(List.of(next), soon());
    Delivery arrived = sink.take();
    assertThat(arrived.job().id()).isEqualTo(next.id());
    // Its number in the stream is that of the other now.
    assertThat(gone.stale()).isTrue();
    assertThatThrownBy(gone::ack).hasMessageContaining("its stream was deleted");
    arrived.ack();
    Await.until("nothing is held", () -> pending(pipeline) == 0);
    pipeline.stop(soon());
  }

  /** A server that is killed knows what was deleted; what was done it writes a moment later. */
  @Test
  void aKilledServerThatHasForgottenTheOutcomesOfDeletedJobsHandsOverTheOthers() throws Exception {
    NatsServer client = client(nats.port());
    NatsPipeline pipeline =
        TestNats.open(client, TestNats.keys(stream, MANY, "2s", false), sink, log);
    pipeline.resume(soon());
    pipeline.push(Collections.nCopies(MANY, job("done")), soon());
    List<Delivery> taken = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      taken.add(sink.take());
    }
    Path state =
        folder.resolve(
            "jetstream/$G/streams/" + stream + "/obs/" + pipeline.stream().consumer() + "/o.dat");
    Await.until("what was handed over is on its disk", () -> handedOver(state) == MANY);
    byte[] written = Files.readAllBytes(state);
    Delivery kept = taken.removeFirst();
    for (int i = 0; i < taken.size(); i++) {
      taken.get(i).ack();
      // Erased, which is on its disk at once.
      assertThat(client.connection(LONG).jetStreamManagement().deleteMessage(stream, i + 2, true))
          .isTrue();
    }
    nats.kill();
    Files.write(state, written);
    nats.restart();
    // After two seconds the server tries to hand over again what it believes to have no outcome.
    assertThat(sink.poll(3500)).isNull();
    pipeline.push(List.of(job("after")), soon());
    assertThat(sink.take().job().payload()).asString(UTF_8).isEqualTo("after");
    kept.ack();
    pipeline.stop(soon());
  }

  /** The fourth of its numbers, each a byte here, behind two of a header. */
  private static int handedOver(Path state) {
    try {
      byte[] bytes = Files.exists(state) ? Files.readAllBytes(state) : new byte[0];
      return bytes.length < 6 ? 0 : bytes[5];
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
