package dev.rr.testing.broadcast;

import dev.rr.api.broadcast.PubSub;
import dev.rr.api.broadcast.Publication;
import dev.rr.api.plugin.Deadline;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The smallest broker that does what it has to, for tests of whoever uses one. Any thread. */
public final class InMemoryPubSub implements PubSub {
  private final Listener listener;
  private final Set<String> topics = new HashSet<>();

  /** A broker that nothing is subscribed to. */
  public InMemoryPubSub(Listener listener) {
    this.listener = listener;
  }

  /** The topics that are subscribed to. */
  public synchronized Set<String> topics() {
    return Set.copyOf(topics);
  }

  @Override
  public synchronized void publish(List<Publication> messages) {
    for (Publication message : messages) {
      if (topics.contains(message.topic())) {
        listener.message(message.topic(), message.payload());
      }
    }
  }

  @Override
  public synchronized CompletionStage<Void> subscribe(String topic) {
    topics.add(topic);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public synchronized void unsubscribe(String topic) {
    topics.remove(topic);
  }

  @Override
  public synchronized void close(Deadline deadline) {
    topics.clear();
  }
}
