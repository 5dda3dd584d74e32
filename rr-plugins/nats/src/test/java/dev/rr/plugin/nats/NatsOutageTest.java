package dev.rr.plugin.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.JobsChaos;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import io.nats.client.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class NatsOutageTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String LOST = "connection lost";

  private static TestNats nats;

  private final String stream = UUID.randomUUID().toString();
  private final RecordingLog log = new RecordingLog();
  private final RecordingSink sink = new RecordingSink(1000);
  private final List<NatsServer> clients = new ArrayList<>();

  @BeforeAll
  static void startServer(@TempDir Path folder) throws Exception {
    nats = new TestNats(folder);
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

  private NatsServer client(int port) {
    NatsServer client = TestNats.client(port, log);
    clients.add(client);
    return client;
  }

  private NatsPipeline open(NatsServer client) throws Exception {
    return TestNats.open(client, TestNats.keys(stream, 10, "5s", false), sink, log);
  }

  private NatsPipeline open() throws Exception {
    return open(client(nats.port()));
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

  private static void push(NatsPipeline pipeline, Job job) throws Exception {
    pipeline.push(List.of(job), soon());
  }

  private void awaitOutage() {
    Await.until("the outage is noticed", () -> !log.with(LOST).isEmpty());
  }

  @Test
  void doesNotOpenWithoutItsServerAndSaysWhereItLooked() throws Exception {
    TestProxy proxy = TestProxy.before(nats.port());
    proxy.close();
    assertThatThrownBy(() -> open(client(proxy.port())))
        .hasMessageStartingWith(
            "new_nats_consumer: cannot connect to nats-server at nats://127.0.0.1:"
                + proxy.port()
                + ": ");
    assertThat(log.with("WARN")).isEmpty();
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

  @Test
  void goesOnAfterItsServerWasKilledAndWarnsOnce() throws Exception {
    NatsPipeline pipeline = open();
    pipeline.resume(soon());
    push(pipeline, job("worked on meanwhile"));
    Delivery first = sink.take();
    nats.kill();
    awaitOutage();
    assertThatThrownBy(
            () -> pipeline.push(List.of(job("x")), Deadline.after(Duration.ofSeconds(1))))
        .hasMessageStartingWith("nats_consumer_push: cannot connect to nats-server at nats://127")
        .hasMessageEndingWith("Connection refused");
    nats.start();
    push(pipeline, job("afterwards"));
    Delivery next = sink.take();
    assertThat(next.job().payload()).asString(UTF_8).isEqualTo("afterwards");
    next.ack();
    // The server knows it still, so it need not be done again.
    first.ack();
    Await.until("nothing is held", () -> pending(pipeline) == 0);
    Await.until("its end is told", () -> log.with("connected again").size() == 1);
    assertThat(log.with("WARN")).hasSize(1);
    pipeline.stop(soon());
  }

  private static long pending(NatsPipeline pipeline) {
    try {
      return pipeline.state(soon()).active();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anOutcomeAndAPushWaitForTheirServer() throws Exception {
    NatsPipeline pipeline = open();
    pipeline.resume(soon());
    push(pipeline, job("done meanwhile"));
    Delivery first = sink.take();
    nats.kill();
    awaitOutage();
    AtomicBoolean told = new AtomicBoolean();
    Thread telling =
        Thread.ofVirtual()
            .start(() -> {
              try {
                first.ack();
                push(pipeline, job("patient"));
                told.set(true);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    nats.start();
    telling.join();
    assertThat(told).isTrue();
    takeUntil("patient");
    pipeline.stop(soon());
  }

  /** A server that was killed may not have written down what it had handed over. */
  private void takeUntil(String payload) throws Exception {
    String taken = "";
    while (!taken.equals(payload)) {
      Delivery next = sink.take();
      taken = new String(next.job().payload(), UTF_8);
      next.ack();
    }
  }

  @Test
  void aPushOverASilentNetworkEndsInTime() throws Exception {
    try (TestProxy proxy = TestProxy.before(nats.port())) {
      NatsPipeline pipeline = open(client(proxy.port()));
      proxy.stall();
      assertThatThrownBy(
              () -> pipeline.push(List.of(job("x")), Deadline.after(Duration.ofMillis(500))))
          .hasMessageStartingWith("nats_consumer_push: nats-server at nats://127.0.0.1:")
          .hasMessageEndingWith(" does not answer");
      proxy.resume();
      push(pipeline, job("y"));
      pipeline.stop(soon());
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
  void stopsInTimeWhileItsServerIsAway() throws Exception {
    TestProxy proxy = TestProxy.before(nats.port());
    NatsPipeline pipeline = open(client(proxy.port()));
    pipeline.resume(soon());
    push(pipeline, job("taken"));
    Delivery taken = sink.take();
    proxy.close();
    awaitOutage();
    long begun = System.nanoTime();
    pipeline.stop(Deadline.after(Duration.ofSeconds(30)));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    assertThatThrownBy(taken::ack).hasMessageContaining("the pipeline is probably stopped");
    assertThat(sink.losses()).isEmpty();
  }

  @Test
  void aJobIsKeptAsLongAsItIsWorkedOn() throws Exception {
    NatsPipeline pipeline =
        TestNats.open(client(nats.port()), TestNats.keys(stream, 10, "2s", false), sink, log);
    pipeline.resume(soon());
    push(pipeline, job("slow"));
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
    push(pipeline, job("gone"));
    Delivery gone = sink.take();
    client.connection(LONG).jetStreamManagement().deleteStream(stream);
    Job next = job("afterwards");
    push(pipeline, next);
    Delivery arrived = sink.take();
    assertThat(arrived.job().id()).isEqualTo(next.id());
    // Its number in the stream is that of the other now.
    assertThat(gone.stale()).isTrue();
    assertThatThrownBy(gone::ack).hasMessageContaining("its stream was deleted");
    arrived.ack();
    Await.until("nothing is held", () -> pending(pipeline) == 0);
    pipeline.stop(soon());
  }

  @Test
  void losesNothingThatWasAcknowledgedWhateverIsKilled() throws Exception {
    NatsPipeline first = open();
    first.resume(soon());
    try (JobsChaos chaos = new JobsChaos(first, sink, Duration.ofMillis(200), Job.LogPlace.NONE)) {
      for (int left = JobsChaos.faults(4); left > 0; left--) {
        boolean opensAnew = chaos.random().nextInt(3) == 0;
        chaos.after(50, () -> fail(chaos, opensAnew));
      }
      chaos.finish();
      System.out.println("nats: " + chaos);
      chaos.pipeline().stop(soon());
    }
  }

  private void fail(JobsChaos chaos, boolean opensAnew) throws Exception {
    if (opensAnew) {
      chaos.pipeline().stop(soon());
      NatsPipeline next = open();
      next.resume(soon());
      chaos.use(next);
    } else {
      nats.kill();
      nats.start();
    }
  }
}
