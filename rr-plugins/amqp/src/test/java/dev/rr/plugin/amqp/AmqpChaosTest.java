package dev.rr.plugin.amqp;

import static dev.rr.plugin.amqp.TestAmqp.job;
import static dev.rr.plugin.amqp.TestAmqp.soon;
import static dev.rr.plugin.amqp.TestAmqp.unique;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.worker.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients push while the broker is killed, restarted and short of memory, and the driver is opened
 * anew: every acknowledged job is worked on at least once. One kill; more of all of it with {@code
 * -Drr.chaos.rounds=20}, otherwise with another {@code -Drr.chaos.seed}.
 */
@Timeout(7200)
class AmqpChaosTest {
  private static final int ROUNDS = Integer.getInteger("rr.chaos.rounds", 1);
  private static final long SEED = Long.getLong("rr.chaos.seed", 7);
  private static final int CLIENTS = 3;

  private final RecordingSink sink = new RecordingSink(50);
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<String> done = ConcurrentHashMap.newKeySet();
  private final AtomicInteger twice = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean over;

  @BeforeAll
  static void startBroker() throws Exception {
    var _ = TestBroker.shared();
  }

  @Test
  void nothingAcknowledgedIsLost() throws Exception {
    Map<String, Object> keys = unique();
    keys.put("durable", "true");
    keys.put("exchange_durable", "true");
    Random random = new Random(SEED);
    try (TestAmqp pushing = TestAmqp.at(TestBroker.shared().address())) {
      Pipeline into = pushing.open("in", keys, new RecordingSink(1));
      Thread worker = Thread.ofVirtual().name("chaos-worker").start(this::work);
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(Thread.ofVirtual().name("chaos-client").start(() -> push(into)));
      }
      for (int round = 0; round < ROUNDS; round++) {
        round(round, keys, random);
      }
      over = true;
      for (Thread client : clients) {
        client.join();
      }
      try (TestAmqp last = TestAmqp.at(TestBroker.shared().address())) {
        last.open("last", keys, sink).resume(soon());
        Await.until(
            Duration.ofMinutes(1),
            () -> "all are done; missing " + (acknowledged.size() - done.size()),
            () -> done.containsAll(acknowledged));
      }
      worker.interrupt();
      worker.join();
    }
    assertThat(acknowledged).hasSizeGreaterThan(100);
    System.out.println(
        acknowledged.size() + " acknowledged, " + refused + " refused, " + twice + " twice");
  }

  /** A consumer that is opened, the broker taken from under it, and the consumer closed. */
  private void round(int number, Map<String, Object> keys, Random random) throws Exception {
    try (TestAmqp working = TestAmqp.at(TestBroker.shared().address())) {
      working.open("out", keys, sink).resume(soon());
      awaitMore(100 + random.nextInt(200));
      trouble(number == 0 ? 0 : random.nextInt(3), random);
      awaitMore(100 + random.nextInt(200));
    }
  }

  private static void trouble(int which, Random random) throws Exception {
    TestBroker broker = TestBroker.shared();
    switch (which) {
      case 0 -> {
        broker.kill();
        broker.start();
      }
      case 1 -> broker.restartApplication();
      default -> {
        broker.alarm(true);
        Thread.sleep(random.nextInt(2000));
        broker.alarm(false);
      }
    }
  }

  private void awaitMore(int jobs) {
    int before = acknowledged.size();
    Await.until("jobs are taken", () -> acknowledged.size() > before + jobs);
  }

  private void push(Pipeline into) {
    for (int i = 0; !over; i++) {
      var next = job("x", Map.of(), i % 10 == 0 ? Duration.ofSeconds(1) : Duration.ZERO);
      try {
        into.push(List.of(next), Deadline.after(Duration.ofSeconds(10)));
        acknowledged.add(next.id());
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        refused.incrementAndGet();
      }
    }
  }

  private void work() {
    try {
      while (true) {
        Delivery next = sink.take();
        assertThat(next.job().payload()).asString(UTF_8).isEqualTo("x");
        acknowledge(next);
      }
    } catch (InterruptedException e) {
      // All is done.
    }
  }

  private void acknowledge(Delivery next) {
    try {
      next.ack();
      if (!done.add(next.job().id())) {
        twice.incrementAndGet();
      }
    } catch (IOException | IllegalStateException e) {
      // It comes again.
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
