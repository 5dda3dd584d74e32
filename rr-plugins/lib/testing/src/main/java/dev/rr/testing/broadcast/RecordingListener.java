package dev.rr.testing.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.broadcast.PubSub;
import dev.rr.testing.worker.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what it was told, in order. Any thread. */
public final class RecordingListener implements PubSub.Listener {
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final AtomicInteger interruptions = new AtomicInteger();

  @Override
  public void message(String topic, byte[] payload) {
    messages.add(topic + "=" + new String(payload, UTF_8));
  }

  @Override
  public void interrupted() {
    interruptions.incrementAndGet();
  }

  /** Every message so far: {@code topic=payload}. */
  public List<String> messages() {
    return List.copyOf(messages);
  }

  /** How often messages may have been missed. */
  public int interruptions() {
    return interruptions.get();
  }

  /** Waits for a message that is the last so far, and answers all of them. */
  public List<String> until(String last) {
    Await.until(
        "the message " + last, () -> !messages.isEmpty() && messages.getLast().equals(last));
    return messages();
  }
}
