package dev.rr.plugin.googlepubsub;

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
class PubSubOutageTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String LOST = "connection lost";

  private static TestPubSub server;

  private final String topic = UUID.randomUUID().toString();
  private final RecordingLog log = new RecordingLog();
  private final RecordingSink sink = new RecordingSink(1000);
  private final List<PubSubClient> clients = new ArrayList<>();

  @BeforeAll
  static void startServer(@TempDir Path folder) throws Exception {
    server = new TestPubSub(folder);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void closeClients() throws Exception {
    for (PubSubClient client : clients) {
      client.close(soon());
    }
  }

  private PubSubClient client(int port) throws Exception {
    PubSubClient client = TestPubSub.client(port, log);
    clients.add(client);
    return client;
  }

  private PubSubPipeline open(int port) throws Exception {
    return TestPubSub.open(client(port), TestPubSub.keys(topic, 10), sink, log);
  }

  private PubSubPipeline open() throws Exception {
    return open(server.port());
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

  private static void push(PubSubPipeline pipeline, String payload) throws Exception {
    pipeline.push(List.of(job(payload)), soon());
  }

  private Delivery take(String payload) throws Exception {
    Delivery next = sink.take();
    assertThat(next.job().payload()).asString(UTF_8).isEqualTo(payload);
    return next;
  }

  private void awaitOutage() {
    Await.until("the outage is noticed", () -> !log.with(LOST).isEmpty());
  }

  private void awaitEnd() {
    Await.until("the end of the outage is told", () -> !log.with("connected again").isEmpty());
  }

  @Test
  void doesNotOpenWithoutItsServerAndSaysWhereItLooked() throws Exception {
    TestProxy proxy = TestProxy.before(server.port());
    proxy.close();
    assertThatThrownBy(() -> open(proxy.port()))
        .hasMessage(
            "google_pub_sub_consumer: cannot reach Pub/Sub at 127.0.0.1:"
                + proxy.port()
                + ": Connection refused");
    assertThat(log.with("WARN")).isEmpty();
  }

  @Test
  void goesOnAfterItsServerWasKilledAndWarnsOnce() throws Exception {
    PubSubPipeline pipeline = open();
    pipeline.resume(soon());
    push(pipeline, "before");
    take("before").ack();
    server.kill();
    awaitOutage();
    assertThatThrownBy(
            () -> pipeline.push(List.of(job("x")), Deadline.after(Duration.ofSeconds(1))))
        .hasMessageStartingWith("google_pub_sub_push: cannot reach Pub/Sub at 127.0.0.1:")
        .hasMessageEndingWith("Connection refused");
    server.start();
    awaitEnd();
    // It has forgotten its topics, too.
    Await.until("the topic is made anew", () -> !log.with("made anew").isEmpty());
    push(pipeline, "afterwards");
    take("afterwards").ack();
    pipeline.stop(soon());
    assertThat(log.with("connected again")).hasSize(1);
    assertThat(log.with("WARN")).hasSize(1);
  }

  @Test
  void aTopicThatIsGoneIsMadeAnewByAPush() throws Exception {
    PubSubPipeline pipeline = open();
    server.kill();
    server.start();
    push(pipeline, "first");
    pipeline.resume(soon());
    take("first").ack();
    pipeline.stop(soon());
  }

  @Test
  void anOutcomeAndAPushWaitForTheirServer() throws Exception {
    PubSubPipeline pipeline = open();
    pipeline.resume(soon());
    push(pipeline, "first");
    Delivery first = take("first");
    server.kill();
    awaitOutage();
    AtomicBoolean pushed = new AtomicBoolean();
    Thread pushing =
        Thread.ofVirtual()
            .start(() -> {
              try {
                push(pipeline, "patient");
                pushed.set(true);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    server.start();
    pushing.join();
    assertThat(pushed).isTrue();
    // What another server has handed out means nothing to this one, which says nothing of it.
    first.ack();
    take("patient").ack();
    pipeline.stop(soon());
  }

  @Test
  void aPushOverASilentNetworkEndsInTimeAndTheNextGoesThrough() throws Exception {
    try (TestProxy proxy = TestProxy.before(server.port())) {
      PubSubPipeline pipeline = open(proxy.port());
      proxy.stall();
      assertThatThrownBy(
              () -> pipeline.push(List.of(job("x")), Deadline.after(Duration.ofMillis(500))))
          .hasMessageStartingWith("google_pub_sub_push: Pub/Sub at 127.0.0.1:")
          .hasMessageEndingWith(" does not answer");
      proxy.resume();
      push(pipeline, "y");
      pipeline.stop(soon());
    }
  }

  @Test
  void aJobThatIsWorkedOnKeepsItsPlaceWhenTheNetworkIsCut() throws Exception {
    try (TestProxy proxy = TestProxy.before(server.port())) {
      PubSubPipeline pipeline =
          TestPubSub.open(
              client(proxy.port()),
              "cut-" + topic,
              TestPubSub.keys(topic, 10),
              Duration.ofSeconds(2),
              sink,
              log);
      pipeline.resume(soon());
      push(pipeline, "worked on");
      Delivery first = take("worked on");
      proxy.cut();
      push(pipeline, "next");
      take("next").ack();
      first.ack();
      assertThat(sink.poll(3000)).isNull();
      pipeline.stop(soon());
    }
  }

  @Test
  void stopsInTimeWhileItsServerIsAway() throws Exception {
    TestProxy proxy = TestProxy.before(server.port());
    PubSubPipeline pipeline = open(proxy.port());
    pipeline.resume(soon());
    push(pipeline, "taken");
    Delivery taken = take("taken");
    proxy.close();
    awaitOutage();
    long begun = System.nanoTime();
    pipeline.stop(Deadline.after(Duration.ofSeconds(10)));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
    assertThatThrownBy(taken::ack).hasMessageContaining("the pipeline is probably stopped");
    assertThat(sink.losses()).isEmpty();
  }

  /** The fake keeps nothing over its own death, so here the network dies, and the driver. */
  @Test
  void losesNothingThatWasAcknowledgedWhateverIsCut() throws Exception {
    int rounds = Integer.getInteger("rr.jobs.chaos.rounds", 4);
    Random random = new Random(Integer.getInteger("rr.jobs.chaos.seed", 7));
    try (TestProxy proxy = TestProxy.before(server.port())) {
      Chaos chaos = new Chaos(proxy.port());
      chaos.start();
      for (int round = 0; round < rounds; round++) {
        int enough = chaos.worked.size() + 20 + random.nextInt(50);
        Await.until(LONG, () -> "it works, " + chaos, () -> chaos.worked.size() > enough);
        switch (random.nextInt(3)) {
          case 0 -> chaos.reopen();
          case 1 -> proxy.cut();
          default -> {
            proxy.stall();
            proxy.cut();
            proxy.resume();
          }
        }
      }
      chaos.end();
      Await.until(
          Duration.ofSeconds(60), chaos::toString, () -> chaos.worked.containsAll(chaos.pushed));
      chaos.close();
      System.out.println("google_pub_sub chaos: " + chaos);
    }
  }

  /** Clients that push and workers that work, whatever happens. */
  private final class Chaos {
    final Set<String> pushed = ConcurrentHashMap.newKeySet();
    final Set<String> worked = ConcurrentHashMap.newKeySet();
    private final AtomicInteger twice = new AtomicInteger();
    private final List<Thread> clients = new ArrayList<>();
    private final List<Thread> workers = new ArrayList<>();
    private final int port;
    private volatile boolean over;
    private volatile boolean closed;
    private volatile PubSubPipeline pipeline;

    Chaos(int port) throws Exception {
      this.port = port;
      this.pipeline = open(port);
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

    void reopen() throws Exception {
      pipeline.stop(soon());
      pipeline = open(port);
      pipeline.resume(soon());
    }

    private void push() {
      while (!over) {
        Job job = job("chaos");
        try {
          // The fake hands out a hundred a second.
          Await.until("some are worked on", () -> over || pushed.size() - worked.size() < 20);
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
