package dev.rr.plugin.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.broadcast.Publication;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.worker.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PublishQueueTest {
  private final CountDownLatch released = new CountDownLatch(1);
  private final List<String> published = new CopyOnWriteArrayList<>();
  private final PublishQueue queue =
      new PublishQueue(
          1000,
          messages -> {
            released.await();
            messages.forEach(m -> published.add(m.topic()));
          },
          Log.NONE);

  private static List<Publication> messages(String topic, int bytes) {
    return List.of(new Publication(topic, new byte[bytes]));
  }

  private static Deadline in(long millis) {
    return Deadline.after(Duration.ofMillis(millis));
  }

  @Test
  void whoFindsNoRoomWaitsForItAndIsToldWhenThereIsNoneInTime() throws Exception {
    queue.start();
    queue.add(messages("a", 600), in(10_000));
    assertThatThrownBy(() -> queue.add(messages("b", 600), in(50)))
        .hasMessage("broadcast_publish_async: brokers take messages slower than they come");
    released.countDown();
    queue.add(messages("c", 600), in(20_000));
    queue.close(in(10_000));
    assertThat(published).containsExactly("a", "c");
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void aMessageLargerThanAllRoomWaitsAlone() throws Exception {
    released.countDown();
    queue.start();
    queue.add(messages("large", 5000), in(10_000));
    Await.until("it", () -> published.contains("large"));
    queue.close(in(10_000));
  }

  @Test
  void aBrokerThatHangsDoesNotHoldUpTheEnd() throws Exception {
    queue.start();
    queue.add(messages("a", 1), in(10_000));
    queue.close(in(50));
    assertThat(published).isEmpty();
  }
}
