package dev.rr.plugin.memory;

import dev.rr.api.broadcast.PubSub;
import dev.rr.api.broadcast.Publication;
import dev.rr.api.plugin.Deadline;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * A broker of this process alone: who publishes tells the listener by itself, so there is no queue
 * that could fill. Any thread.
 */
final class MemoryPubSub implements PubSub {
  private static final int LOCKS = 64; // a power of two

  private final Listener listener;
  private final Set<String> topics = ConcurrentHashMap.newKeySet();

  /** One for all topics of a hash: messages of a topic are told one after the other. */
  private final List<ReentrantLock> turns =
      Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

  MemoryPubSub(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void publish(List<Publication> messages) {
    messages.forEach(this::publish);
  }

  private void publish(Publication message) {
    String topic = message.topic();
    if (!topics.contains(topic)) {
      return;
    }
    ReentrantLock turn = turns.get(topic.hashCode() & LOCKS - 1);
    turn.lock();
    try {
      if (topics.contains(topic)) {
        listener.message(topic, message.payload());
      }
    } finally {
      turn.unlock();
    }
  }

  @Override
  public CompletionStage<Void> subscribe(String topic) {
    topics.add(topic);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void unsubscribe(String topic) {
    topics.remove(topic);
  }

  @Override
  public void close(Deadline deadline) {
    topics.clear();
  }
}
