package dev.rr.plugin.websockets;

import dev.rr.api.broadcast.Broadcaster;
import dev.rr.api.broadcast.PubSub;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Topics and who has joined them: subscribes for the first client of a topic, hands each message to
 * all of them, and keeps the last ones where clients may come back for them. Any thread.
 *
 * <p>Of two locks {@code changes} is taken first: for topics that come and go. {@code order} is for
 * what is kept: all messages get their numbers one after the other, so that a client which has seen
 * one has seen those before it. Without a history only the broker's order per topic is left, and no
 * lock. Clients lock themselves last.
 */
final class Hub implements PubSub.Listener {
  /** What a topic without clients takes besides its name and its messages. */
  private static final int EMPTY = 1600; // bytes

  private final History history;
  private final int longest;
  private final IntConsumer refused;
  private final ReentrantLock changes = new ReentrantLock();
  private final ReentrantLock order = new ReentrantLock();

  /** Changed with {@code changes}, read without. */
  private final Map<String, Topic> topics = new ConcurrentHashMap<>();

  /** What those take that have no client, in bytes. With {@code changes}. */
  private long emptyBytes;

  private volatile Broadcaster.@Nullable Subscription subscription;

  // With order.
  private long last;
  private long keptBytes;
  private volatile String epoch = newEpoch();

  /**
   * What is kept for clients that come back.
   *
   * @param messages of each topic, at most
   * @param bytes of all topics, at most; as much may topics without clients take by themselves
   * @param ttl how long a topic without clients keeps its messages
   */
  record History(int messages, long bytes, Duration ttl) {
    /** Nothing. */
    static final History NONE = new History(0, 0, Duration.ZERO);

    boolean isOn() {
      return messages > 0;
    }
  }

  /** A topic that is subscribed to. */
  private static final class Topic {
    final Set<Client> clients = ConcurrentHashMap.newKeySet();
    final CompletionStage<Void> ready;

    // With order.
    final Deque<Message> kept = new ArrayDeque<>();

    /** The number of the last message that is not kept any more, or was before its time. */
    long missing;

    // With changes.
    long leftAt;

    Topic(CompletionStage<Void> ready) {
      this.ready = ready;
    }
  }

  /** Takes what a client has missed, before anything that comes later. */
  @FunctionalInterface
  interface Resumption {
    /**
     * Called once.
     *
     * @param gap whether there may be more that is not kept
     * @param missed in their order
     */
    void resume(boolean gap, List<Message> missed);
  }

  /**
   * Without topics.
   *
   * @param longest payload that clients are told, in bytes: each form of a message is a copy of it
   * @param refused is told the size of a longer one
   */
  Hub(History history, int longest, IntConsumer refused) {
    this.history = history;
    this.longest = longest;
    this.refused = refused;
  }

  void open(Broadcaster.Subscription opened) {
    subscription = opened;
  }

  /** What the ids of messages begin with; another after messages may have been missed. */
  String epoch() {
    return epoch;
  }

  private static String newEpoch() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  /** How many topics are subscribed to. */
  int topics() {
    return topics.size();
  }

  // Who is where.

  /**
   * Adds a client to topics. It is told their messages at once, and drops those of topics that it
   * does not think it has.
   *
   * @return completes when all are subscribed to; exceptionally when one cannot be
   */
  CompletionStage<Void> join(Client client, Collection<String> names) {
    List<CompletableFuture<Void>> ready = new ArrayList<>();
    for (String name : names) {
      ready.add(join(client, name).toCompletableFuture());
    }
    return CompletableFuture.allOf(ready.toArray(CompletableFuture<?>[]::new));
  }

  private CompletionStage<Void> join(Client client, String name) {
    Topic topic;
    changes.lock();
    try {
      Topic before = topics.get(name);
      topic = before == null ? begin(name) : before;
      if (before != null && before.clients.isEmpty()) {
        emptyBytes -= weight(name);
      }
      topic.clients.add(client);
    } finally {
      changes.unlock();
    }
    return topic.ready.whenComplete((ok, failure) -> {
      if (failure != null) {
        forget(name, topic);
      }
    });
  }

  private Topic begin(String name) {
    Broadcaster.Subscription to = subscription;
    Topic made =
        new Topic(
            to == null
                ? CompletableFuture.failedFuture(new IllegalStateException("not started"))
                : to.subscribe(name));
    order.lock();
    try {
      made.missing = last;
    } finally {
      order.unlock();
    }
    topics.put(name, made);
    return made;
  }

  /** The next who joins has another try. */
  private void forget(String name, Topic failed) {
    changes.lock();
    try {
      if (topics.get(name) == failed) {
        topics.remove(name);
        if (failed.clients.isEmpty()) {
          emptyBytes -= weight(name);
        }
        release(failed);
      }
    } finally {
      changes.unlock();
    }
  }

  /** Takes a client from topics; those where it is not are no error. */
  void leave(Client client, Collection<String> names) {
    changes.lock();
    try {
      names.forEach(name -> leave(client, name));
    } finally {
      changes.unlock();
    }
  }

  private void leave(Client client, String name) {
    Topic topic = topics.get(name);
    if (topic == null || !topic.clients.remove(client) || !topic.clients.isEmpty()) {
      return;
    }
    topic.leftAt = System.nanoTime();
    // Who joins may name any topics, as long as messages may be.
    if (!history.isOn() || emptyBytes + weight(name) > history.bytes()) {
      end(name, topic);
    } else {
      emptyBytes += weight(name);
    }
  }

  private static int weight(String name) {
    return EMPTY + 2 * name.length();
  }

  /** With changes. */
  private void end(String name, Topic topic) {
    topics.remove(name);
    release(topic);
    Broadcaster.Subscription from = subscription;
    if (from != null) {
      from.unsubscribe(name);
    }
  }

  private void release(Topic topic) {
    order.lock();
    try {
      topic.kept.forEach(message -> keptBytes -= message.size());
      topic.kept.clear();
    } finally {
      order.unlock();
    }
  }

  /** Ends topics that nobody has come back to. Called regularly. */
  void sweep(long nowNanos) {
    if (!history.isOn()) {
      return;
    }
    changes.lock();
    try {
      List.copyOf(topics.entrySet())
          .forEach(each -> {
            Topic topic = each.getValue();
            if (topic.clients.isEmpty() && nowNanos - topic.leftAt > history.ttl().toNanos()) {
              end(each.getKey(), topic);
              emptyBytes -= weight(each.getKey());
            }
          });
    } finally {
      changes.unlock();
    }
  }

  // What comes.

  @Override
  public void message(String name, byte[] payload) {
    Topic topic = topics.get(name);
    if (topic == null) {
      return;
    }
    if (payload.length > longest) {
      skip(topic);
      refused.accept(payload.length);
      return;
    }
    if (!history.isOn()) {
      Message message = Message.published(name, payload, 0);
      topic.clients.forEach(client -> client.deliver(message));
      return;
    }
    order.lock();
    try {
      Message message = Message.published(name, payload, ++last);
      keep(topic, message);
      topic.clients.forEach(client -> client.deliver(message));
    } finally {
      order.unlock();
    }
  }

  /** Who comes back is told of a gap. */
  private void skip(Topic topic) {
    order.lock();
    try {
      topic.missing = ++last;
    } finally {
      order.unlock();
    }
  }

  private void keep(Topic topic, Message message) {
    topic.kept.add(message);
    keptBytes += message.size();
    while (topic.kept.size() > history.messages()
        || keptBytes > history.bytes() && !topic.kept.isEmpty()) {
      Message dropped = topic.kept.remove();
      keptBytes -= dropped.size();
      topic.missing = Math.max(topic.missing, dropped.id());
    }
  }

  @Override
  public void interrupted() {
    order.lock();
    try {
      epoch = newEpoch();
      topics.values().forEach(topic -> topic.missing = last);
    } finally {
      order.unlock();
    }
  }

  /**
   * Hands over what came to topics since a message, before anything else comes to them.
   *
   * @param since the id of the last message that the client has seen; empty when it has seen none
   */
  void resume(Collection<String> names, String since, Resumption resumption) {
    order.lock();
    try {
      if (since.isEmpty()) {
        resumption.resume(false, List.of());
        return;
      }
      long seen = seen(since);
      if (seen < 0) {
        resumption.resume(true, List.of());
        return;
      }
      List<Topic> found =
          names.stream().flatMap(name -> Stream.ofNullable(topics.get(name))).toList();
      boolean gap = found.stream().anyMatch(topic -> topic.missing > seen);
      List<Message> missed =
          found.stream()
              .flatMap(topic -> topic.kept.stream())
              .filter(message -> message.id() > seen)
              .sorted(Comparator.comparingLong(Message::id))
              .toList();
      resumption.resume(gap, missed);
    } finally {
      order.unlock();
    }
  }

  /** The number in an id; -1 when it is of another time, or none. */
  private long seen(String id) {
    String begin = epoch + "-";
    if (!id.startsWith(begin)) {
      return -1;
    }
    try {
      return Long.parseLong(id.substring(begin.length()));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Ends every subscription. */
  void close() {
    Broadcaster.Subscription from = subscription;
    if (from != null) {
      from.close();
    }
  }
}
