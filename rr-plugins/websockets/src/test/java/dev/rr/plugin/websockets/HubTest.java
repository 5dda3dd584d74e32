package dev.rr.plugin.websockets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.broadcast.Broadcaster;
import dev.rr.testing.broadcast.InMemoryPubSub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many clients that come and go while messages come. */
@Timeout(120)
class HubTest {
  private static final int TOPICS = 20;
  private static final int LONGEST = 1 << 20;

  private final List<Integer> refused = new CopyOnWriteArrayList<>();

  /** Keeps the numbers that it was told, by topic. */
  private static final class Listener implements Client {
    final Map<String, List<Integer>> told = Collections.synchronizedMap(new HashMap<>());

    @Override
    public void deliver(Message message) {
      String frame = new String(message.frame().array());
      String number = frame.substring(frame.indexOf("payload\":\"") + 10, frame.length() - 2);
      told.computeIfAbsent(message.topic(), t -> Collections.synchronizedList(new ArrayList<>()))
          .add(Integer.valueOf(number));
    }

    @Override
    public void look(long nowNanos) {}

    @Override
    public void leave() {}
  }

  private Hub hub(int history) {
    Hub hub =
        new Hub(
            history == 0
                ? Hub.History.NONE
                : new Hub.History(history, 1 << 20, Duration.ofMinutes(5)),
            LONGEST,
            refused::add);
    InMemoryPubSub broker = new InMemoryPubSub(hub);
    hub.open(
        new Broadcaster.Subscription() {
          @Override
          public CompletionStage<Void> subscribe(String topic) {
            return broker.subscribe(topic);
          }

          @Override
          public void unsubscribe(String topic) {
            broker.unsubscribe(topic);
          }

          @Override
          public void close() {}
        });
    return hub;
  }

  @Test
  void topicsThatEverybodyHasLeftAreKeptWithinABound() {
    Hub hub = hub(10);
    Listener client = new Listener();
    List<String> all = IntStream.range(0, 1000).mapToObj(i -> "x".repeat(10_000) + i).toList();
    for (int i = 0; i < 2; i++) {
      assertThat(hub.join(client, all)).isCompleted();
      assertThat(hub.topics()).isEqualTo(all.size());
      hub.leave(client, all);
      assertThat(hub.topics()).isBetween(10, 104);
    }
    hub.sweep(System.nanoTime() + Duration.ofMinutes(6).toNanos());
    assertThat(hub.topics()).isZero();
    assertThat(hub.join(client, all.subList(0, 5))).isCompleted();
    hub.leave(client, all);
    assertThat(hub.topics()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10})
  void whoStaysGetsEveryMessageOfItsTopicsInOrderWhoeverElseComesAndGoes(int history)
      throws Exception {
    Hub hub = hub(history);
    List<Listener> staying = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Listener client = new Listener();
      staying.add(client);
      var unused = hub.join(client, List.of("t" + i % TOPICS)).toCompletableFuture().get();
    }
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> coming = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        coming.add(
            threads.submit(() -> {
              while (!over.get()) {
                Listener client = new Listener();
                List<String> topics = List.of("t1", "t2", "own");
                var unused = hub.join(client, topics).toCompletableFuture().get();
                hub.leave(client, topics);
                Thread.yield();
              }
              return null;
            }));
      }
      List<Future<?>> publishing = new ArrayList<>();
      for (int t = 0; t < TOPICS; t++) {
        String topic = "t" + t;
        publishing.add(
            threads.submit(() -> {
              for (int i = 0; i < 500; i++) {
                hub.message(topic, ("" + i).getBytes());
              }
            }));
      }
      for (Future<?> one : publishing) {
        var unused = one.get(60, TimeUnit.SECONDS);
      }
      over.set(true);
      for (Future<?> one : coming) {
        var unused = one.get(60, TimeUnit.SECONDS);
      }
    }
    for (int i = 0; i < staying.size(); i++) {
      List<Integer> told = staying.get(i).told.getOrDefault("t" + i % TOPICS, List.of());
      assertThat(told).hasSize(500).isSorted();
    }
    assertThat(hub.topics()).isEqualTo(history == 0 ? TOPICS : TOPICS + 1);
    hub.sweep(System.nanoTime() + Duration.ofHours(1).toNanos());
    assertThat(hub.topics()).isEqualTo(TOPICS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10})
  void aMessageThatIsTooLargeReachesNobodyAndLeavesAGap(int history) {
    Hub hub = hub(history);
    Listener client = new Listener();
    assertThat(hub.join(client, List.of("a"))).isCompleted();
    hub.message("a", "1".getBytes());
    hub.message("a", new byte[LONGEST + 1]);
    hub.message("unknown", new byte[LONGEST + 1]);
    for (int i = 0; i < history; i++) {
      hub.message("a", "2".getBytes());
    }
    assertThat(client.told.get("a")).startsWith(1).hasSize(1 + history);
    assertThat(refused).containsExactly(LONGEST + 1);
    AtomicBoolean gaps = new AtomicBoolean();
    hub.resume(List.of("a"), hub.epoch() + "-1", (gap, missed) -> gaps.set(gap));
    assertThat(gaps.get()).as("who comes back knows").isEqualTo(history > 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10})
  void aFailedTopicIsTriedAgainByTheNext(int history) {
    Hub hub =
        new Hub(
            history == 0 ? Hub.History.NONE : new Hub.History(10, 1 << 20, Duration.ZERO),
            LONGEST,
            refused::add);
    // Not opened yet.
    assertThat(hub.join(new Listener(), List.of("a")).toCompletableFuture())
        .isCompletedExceptionally();
    assertThat(hub.topics()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void keptMessagesAreBounded(int messages) throws Exception {
    Hub hub = hub(messages);
    Listener client = new Listener();
    var unused = hub.join(client, List.of("a")).toCompletableFuture().get();
    for (int i = 1; i <= 10; i++) {
      hub.message("a", ("" + i).getBytes());
    }
    List<Long> kept = new ArrayList<>();
    hub.resume(
        List.of("a"),
        hub.epoch() + "-0",
        (gap, missed) -> {
          assertThat(gap).isTrue();
          missed.forEach(message -> kept.add(message.id()));
        });
    assertThat(kept).hasSize(messages).last().isEqualTo(10L);
  }
}
