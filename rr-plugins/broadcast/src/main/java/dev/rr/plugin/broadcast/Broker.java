package dev.rr.plugin.broadcast;

import dev.rr.api.broadcast.Broadcaster;
import dev.rr.api.broadcast.PubSub;
import dev.rr.api.broadcast.Publication;
import dev.rr.api.error.OperationException;
import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.plugin.Deadline;
import dev.rr.metrics.Counter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A broker, and who listens to it: subscribes to a topic for the first reader and ends that with
 * the last. Any thread.
 */
final class Broker implements PubSub.Listener {
  private final String name;

  /** Changed with the lock, read without. */
  private final Map<String, Topic> topics = new ConcurrentHashMap<>();

  private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Counter published =
      new Counter("rr_broadcast_published_total", "Messages that a broker took.");
  private final Counter errors =
      new Counter("rr_broadcast_errors_total", "Messages that a broker did not take.");
  private final Counter received =
      new Counter("rr_broadcast_received_total", "Messages that came from a broker.");
  private volatile @Nullable PubSub pubSub;

  /** What is subscribed to, for whom. */
  private record Topic(Set<Reader> readers, CompletionStage<Void> ready) {}

  Broker(String name) {
    this.name = name;
  }

  /** It is open from now on. */
  void open(PubSub opened) {
    pubSub = opened;
  }

  private PubSub pubSub() {
    PubSub opened = pubSub;
    if (opened == null) {
      throw new IllegalArgumentException("the broker " + name + " is not open");
    }
    return opened;
  }

  /** As {@link PubSub#destination}. */
  Object destination() {
    return pubSub().destination();
  }

  /** As {@link PubSub#publish}. */
  void publish(List<Publication> messages) throws OperationException, InterruptedException {
    try {
      pubSub().publish(messages);
      published.add(messages.size());
    } catch (OperationException | RuntimeException e) {
      errors.add(messages.size());
      throw e;
    }
  }

  @Override
  public void message(String topic, byte[] payload) {
    received.increment();
    Topic at = topics.get(topic);
    if (at != null) {
      at.readers().forEach(reader -> reader.listener.message(topic, payload));
    }
  }

  @Override
  public void interrupted() {
    readers.forEach(reader -> reader.listener.interrupted());
  }

  Broadcaster.Subscription listen(PubSub.Listener listener) {
    var unused = pubSub();
    Reader reader = new Reader(listener);
    readers.add(reader);
    return reader;
  }

  private CompletionStage<Void> subscribe(Reader reader, String name) {
    Topic at;
    lock.lock();
    try {
      if (!readers.contains(reader)) {
        return CompletableFuture.failedFuture(
            new IllegalStateException("the subscription was closed"));
      }
      Topic before = topics.get(name);
      at = before == null ? new Topic(ConcurrentHashMap.newKeySet(), begin(name)) : before;
      at.readers().add(reader);
      topics.put(name, at);
      reader.topics.add(name);
    } finally {
      lock.unlock();
    }
    // Outside of the lock: what has failed already is told at once.
    return at.ready()
        .whenComplete((ok, failure) -> {
          if (failure != null) {
            forget(name, at);
          }
        });
  }

  private CompletionStage<Void> begin(String topic) {
    try {
      return pubSub().subscribe(topic);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The next one who asks has another try. */
  private void forget(String name, Topic failed) {
    lock.lock();
    try {
      if (topics.remove(name, failed)) {
        failed.readers().forEach(reader -> reader.topics.remove(name));
      }
    } finally {
      lock.unlock();
    }
  }

  private void unsubscribe(Reader reader, String name) {
    lock.lock();
    try {
      Topic at = topics.get(name);
      reader.topics.remove(name);
      if (at == null || !at.readers().remove(reader) || !at.readers().isEmpty()) {
        return;
      }
      topics.remove(name);
      // With the lock, so that it comes before the next subscription to the same topic.
      pubSub().unsubscribe(name);
    } finally {
      lock.unlock();
    }
  }

  private void end(Reader reader) {
    lock.lock();
    try {
      readers.remove(reader);
      Set.copyOf(reader.topics).forEach(topic -> unsubscribe(reader, topic));
    } finally {
      lock.unlock();
    }
  }

  void collect(MetricsSink sink) {
    published.collect(sink, "broker", name);
    errors.collect(sink, "broker", name);
    received.collect(sink, "broker", name);
    sink.gauge(
        "rr_broadcast_topics", "Topics that are subscribed to.", topics.size(), "broker", name);
  }

  void close(Deadline deadline) throws Exception {
    lock.lock();
    try {
      readers.clear();
      topics.clear();
    } finally {
      lock.unlock();
    }
    pubSub().close(deadline);
  }

  /** One who listens. */
  private final class Reader implements Broadcaster.Subscription {
    private final PubSub.Listener listener;

    /** With the lock. */
    private final Set<String> topics = new HashSet<>();

    Reader(PubSub.Listener listener) {
      this.listener = listener;
    }

    @Override
    public CompletionStage<Void> subscribe(String topic) {
      return Broker.this.subscribe(this, topic);
    }

    @Override
    public void unsubscribe(String topic) {
      Broker.this.unsubscribe(this, topic);
    }

    @Override
    public void close() {
      Broker.this.end(this);
    }
  }
}
