package dev.rr.plugin.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    assertThat(log.with("connected again")).hasSize(1);
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
    Delivery next = sink.take();
    assertThat(next.job().payload()).asString(UTF_8).isEqualTo("patient");
    next.ack();
    telling.join();
    assertThat(told).isTrue();
    pipeline.stop(soon());
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
  void stopsInTimeWhileItsServerIsAway() throws Exception {
    TestProxy proxy = TestProxy.before(nats.port());
    NatsPipeline pipeline = open(client(proxy.port()));
    pipeline.resume(soon());
    push(pipeline, job("taken"));
    Delivery taken = sink.take();
    proxy.close();
    awaitOutage();
    long begun = System.nanoTime();
    pipeline.stop(Deadline.after(Duration.ofSeconds(5)));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    assertThatThrownBy(taken::ack).hasMessageContaining("the pipeline is probably stopped");
    assertThat(sink.losses()).isEmpty();
  }

  @Test
  void aJobIsKeptAsLongAsItIsWorkedOn() throws Exception {
    NatsPipeline pipeline =
        TestNats.open(client(nats.port()), TestNats.keys(stream, 10, "1s", false), sink, log);
    pipeline.resume(soon());
    push(pipeline, job("slow"));
    Delivery slow = sink.take();
    // The server would give it to somebody else after a second.
    RecordingSink other = new RecordingSink(10);
    NatsPipeline second =
        TestNats.open(client(nats.port()), TestNats.keys(stream, 10, "1s", false), other, log);
    second.resume(soon());
    assertThat(other.poll(2500)).isNull();
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
    assertThatThrownBy(gone::ack).hasMessageContaining("its stream was deleted");
    arrived.ack();
    Await.until("nothing is held", () -> pending(pipeline) == 0);
    pipeline.stop(soon());
  }

  @Test
  void losesNothingThatWasAcknowledgedWhateverIsKilled() throws Exception {
    int rounds = Integer.getInteger("rr.jobs.chaos.rounds", 4);
    Random random = new Random(Integer.getInteger("rr.jobs.chaos.seed", 7));
    Chaos chaos = new Chaos(open());
    chaos.start();
    for (int round = 0; round < rounds; round++) {
      int enough = chaos.worked.size() + 50 + random.nextInt(100);
      Await.until(LONG, () -> "it works, " + chaos, () -> chaos.worked.size() > enough);
      if (random.nextInt(3) == 0) {
        NatsPipeline old = chaos.pipeline;
        old.stop(soon());
        chaos.pipeline = open();
        chaos.pipeline.resume(soon());
      } else {
        nats.kill();
        nats.start();
      }
    }
    chaos.end();
    Await.until(
        Duration.ofSeconds(60), chaos::toString, () -> chaos.worked.containsAll(chaos.pushed));
    chaos.close();
    System.out.println("nats chaos: " + chaos);
  }

  /** Clients that push and workers that work, whatever happens. */
  private final class Chaos {
    final Set<String> pushed = ConcurrentHashMap.newKeySet();
    final Set<String> worked = ConcurrentHashMap.newKeySet();
    private final AtomicInteger twice = new AtomicInteger();
    private final List<Thread> clients = new ArrayList<>();
    private final List<Thread> workers = new ArrayList<>();
    private volatile boolean over;
    private volatile boolean closed;
    private volatile NatsPipeline pipeline;

    Chaos(NatsPipeline pipeline) {
      this.pipeline = pipeline;
    }

    void start() throws Exception {
      pipeline.resume(soon());
      for (int i = 0; i < 3; i++) {
        clients.add(Thread.ofVirtual().start(this::push));
      }
      for (int i = 0; i < 2; i++) {
        workers.add(Thread.ofVirtual().start(this::work));
      }
    }

    private void push() {
      while (!over) {
        Job job = job("chaos");
        try {
          pipeline.push(List.of(job), Deadline.after(Duration.ofMillis(200)));
          pushed.add(job.id());
        } catch (Exception e) {
          // Nothing was acknowledged.
        }
      }
    }

    private void work() {
      while (!closed) {
        try {
          Delivery next = sink.poll(50);
          if (next != null) {
            next.ack();
            if (!worked.add(next.job().id())) {
              twice.incrementAndGet();
            }
          }
        } catch (Exception e) {
          // It comes again.
        }
      }
    }

    void end() throws InterruptedException {
      over = true;
      for (Thread client : clients) {
        client.join();
      }
    }

    void close() throws Exception {
      closed = true;
      for (Thread worker : workers) {
        worker.join();
      }
      pipeline.stop(soon());
    }

    @Override
    public String toString() {
      long left = pushed.stream().filter(id -> !worked.contains(id)).count();
      return pushed.size() + " acknowledged, " + left + " not worked on, " + twice + " twice";
    }
  }
}
