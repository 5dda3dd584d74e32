package dev.rr.testing.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.broadcast.PubSub;
import dev.rr.api.broadcast.Publication;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.worker.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link PubSub} has to do, whatever stands behind it. A driver's test extends this. */
public abstract class PubSubContract {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final List<PubSub> open = new ArrayList<>();
  private final RecordingListener told = new RecordingListener();

  /** Opens a broker that nothing is subscribed to, with the driver's defaults. */
  protected abstract PubSub open(PubSub.Listener listener) throws Exception;

  private PubSub broker() throws Exception {
    return broker(told);
  }

  private PubSub broker(PubSub.Listener listener) throws Exception {
    PubSub broker = open(listener);
    open.add(broker);
    return broker;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (PubSub broker : open) {
      broker.close(Deadline.after(SOON));
      broker.close(Deadline.after(SOON));
    }
  }

  private static void subscribe(PubSub broker, String... topics) throws Exception {
    for (String topic : topics) {
      var unused =
          broker.subscribe(topic).toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private static Publication message(String topic, String payload) {
    return new Publication(topic, payload.getBytes(UTF_8));
  }

  @Test
  void aMessageReachesWhoHasSubscribedToItsTopicAlone() throws Exception {
    PubSub broker = broker();
    subscribe(broker, "foo", "end");
    broker.publish(List.of(message("foo", "1"), message("foo2", "2"), message("end", "3")));
    assertThat(told.until("end=3")).containsExactly("foo=1", "end=3");
  }

  @Test
  void nothingArrivesBehindTheEndOfASubscription() throws Exception {
    PubSub broker = broker();
    subscribe(broker, "foo", "end");
    broker.publish(List.of(message("foo", "1"), message("end", "1")));
    var unused = told.until("end=1");
    broker.unsubscribe("foo");
    broker.unsubscribe("never");
    // What the broker knows next, it knows behind the end of the other.
    subscribe(broker, "then");
    broker.publish(List.of(message("foo", "2"), message("then", "2")));
    assertThat(told.until("then=2")).containsExactly("foo=1", "end=1", "then=2");
  }

  @Test
  void aTopicCanBeSubscribedToAgain() throws Exception {
    PubSub broker = broker();
    subscribe(broker, "foo");
    broker.unsubscribe("foo");
    subscribe(broker, "foo");
    subscribe(broker, "foo");
    broker.publish(List.of(message("foo", "1"), message("foo", "2")));
    assertThat(told.until("foo=2")).containsExactly("foo=1", "foo=2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"fo*", "f?o", "[f]oo", "*", "FOO", "foo ", "f\u00f6\u00f6", "a b\r\n\u0000"})
  void aTopicIsItsTextAndNoPattern(String topic) throws Exception {
    PubSub broker = broker();
    subscribe(broker, topic, "end");
    broker.publish(List.of(message("foo", "1"), message(topic, "2"), message("end", "3")));
    assertThat(told.until("end=3")).containsExactly(topic + "=2", "end=3");
  }

  @Test
  void payloadsAreBytesOfAnyLength() throws Exception {
    byte[] all = new byte[1024 * 1024];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    Map<String, byte[]> got = new ConcurrentHashMap<>();
    PubSub broker =
        broker(
            new PubSub.Listener() {
              @Override
              public void message(String topic, byte[] payload) {
                got.put(topic, payload);
              }

              @Override
              public void interrupted() {}
            });
    subscribe(broker, "none", "all");
    broker.publish(List.of(new Publication("none", new byte[0]), new Publication("all", all)));
    Await.until("both", () -> got.size() == 2);
    assertThat(got.get("none")).isEmpty();
    assertThat(got.get("all")).isEqualTo(all);
  }

  @Test
  void publishingWithoutSubscribersIsNoError() throws Exception {
    PubSub broker = broker();
    broker.publish(List.of());
    broker.publish(List.of(message("nobody", "1")));
    assertThat(told.messages()).isEmpty();
  }

  @Test
  void everyPublishersMessagesArriveInItsOrder() throws Exception {
    PubSub broker = broker();
    subscribe(broker, "foo", "end");
    int publishers = 8;
    int each = 200;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> publishing = new ArrayList<>();
      for (int p = 0; p < publishers; p++) {
        int publisher = p;
        publishing.add(
            threads.submit(() -> {
              for (int i = 0; i < each; i++) {
                broker.publish(List.of(message("foo", publisher + "-" + i)));
              }
              return null;
            }));
      }
      for (Future<?> one : publishing) {
        var unused = one.get(60, TimeUnit.SECONDS);
      }
    }
    broker.publish(List.of(message("end", "")));
    List<String> all = told.until("end=");
    assertThat(all).hasSize(publishers * each + 1);
    for (int p = 0; p < publishers; p++) {
      String begin = "foo=" + p + "-";
      assertThat(all.stream().filter(m -> m.startsWith(begin)))
          .containsExactlyElementsOf(IntStream.range(0, each).mapToObj(i -> begin + i).toList());
    }
  }

  @Test
  void thousandTopicsEachHaveTheirMessages() throws Exception {
    PubSub broker = broker();
    List<Publication> messages = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      subscribe(broker, "topic-" + i);
      messages.add(message("topic-" + i, "" + i));
    }
    broker.publish(messages);
    Await.until("all of them", () -> told.messages().size() == 1000);
    assertThat(told.messages()).contains("topic-0=0", "topic-999=999");
  }
}
