package dev.rr.plugin.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import dev.rr.plugin.amqp.Outgoing.Late;
import dev.rr.plugin.amqp.Outgoing.Unroutable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The channels of a publisher: one for messages, whose every one the broker confirms, and one to
 * declare queues for delayed jobs. One thread publishes; the client's tells what became of it.
 */
final class PublishChannels implements Link.Session {
  /** Times of queues for delayed jobs that are remembered; more are forgotten together. */
  private static final int MOST_DELAYS = 1000;

  private final Wire wire;
  private final Channels channels;
  private final AtEnd atEnd;
  private final ConcurrentSkipListMap<Long, Sent> unconfirmed = new ConcurrentSkipListMap<>();
  private final Set<String> returned = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  // The broker's count; only the thread that publishes knows it. The client's goes on over a
  // message that it could not write.
  private long sent;

  private final ReentrantLock lock = new ReentrantLock();
  // Under the lock.
  private final Map<String, Long> declaredAt = new HashMap<>();

  /**
   * A message without an answer.
   *
   * @param declaredAt when its queue for delayed jobs was declared last
   */
  private record Sent(Outgoing message, long declaredAt) {}

  /** Who takes what has no answer when the channel ends. */
  interface AtEnd {
    /**
     * Takes it. Called on the client's thread.
     *
     * @param unconfirmed in order
     */
    void take(List<Outgoing> unconfirmed, ShutdownSignalException cause);
  }

  private PublishChannels(Wire wire, Channels channels, AtEnd atEnd) {
    this.wire = wire;
    this.channels = channels;
    this.atEnd = atEnd;
  }

  /** Opens them, and declares the exchange. */
  static PublishChannels open(Wire wire, Topology topology, AtEnd atEnd) throws IOException {
    Channels channels = Channels.on(wire.connection());
    try {
      PublishChannels made = new PublishChannels(wire, channels, atEnd);
      Channel jobs = channels.jobs();
      topology.declareExchange(jobs);
      var selected = jobs.confirmSelect();
      jobs.addConfirmListener(
          (tag, many) -> made.answered(tag, many, true),
          (tag, many) -> made.answered(tag, many, false));
      jobs.addReturnListener(made::returned);
      jobs.addShutdownListener(made::ended);
      return made;
    } catch (IOException | RuntimeException e) {
      channels.abandon();
      throw e;
    }
  }

  @Override
  public Channels channels() {
    return channels;
  }

  /** The connection. */
  Wire wire() {
    return wire;
  }

  boolean isOpen() {
    return channels.jobs().isOpen();
  }

  // ---- out -------------------------------------------------------------------------------------

  /**
   * Sends a message; by one thread. Its {@code done} tells the rest.
   *
   * @throws IllegalArgumentException no message can be like this
   */
  void publish(Outgoing message) throws IOException {
    DelayQueue delayed = message.delayed();
    long declared = delayed == null ? 0 : declared(delayed);
    long number = sent + 1;
    unconfirmed.put(number, new Sent(message, declared));
    try {
      channels
          .jobs()
          .basicPublish(
              message.exchange(),
              message.key(),
              message.mandatory(),
              message.properties(),
              message.body());
      sent = number;
    } catch (IOException | RuntimeException e) {
      // Unless it was handed back already.
      if (unconfirmed.remove(number) != null) {
        throw e;
      }
    }
  }

  /** Declares the queue, if that was not done just now. Answers when. */
  private long declared(DelayQueue queue) throws IOException {
    lock.lock();
    try {
      Long last = declaredAt.get(queue.name());
      long now = System.nanoTime();
      if (last != null && now - last < TimeUnit.MILLISECONDS.toNanos(queue.millis()) / 4) {
        return last;
      }
      channels.ask(queue::declare);
      if (declaredAt.size() >= MOST_DELAYS) {
        declaredAt.clear();
      }
      declaredAt.put(queue.name(), now);
      return now;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Declares the queue again, whose first half of its time has passed. Answers whether it was there
   * all the time.
   */
  boolean renewed(DelayQueue queue, long declaredAt) throws IOException {
    forget(queue);
    var again = declared(queue);
    return System.nanoTime() - declaredAt < TimeUnit.MILLISECONDS.toNanos(queue.millis()) * 2;
  }

  /** The queue may be gone: it is declared before the next message. */
  void forget(DelayQueue queue) {
    lock.lock();
    try {
      var time = declaredAt.remove(queue.name());
    } finally {
      lock.unlock();
    }
  }

  // ---- back, on the client's thread ------------------------------------------------------------

  private void answered(long number, boolean many, boolean taken) {
    if (many) {
      Map<Long, Sent> until = unconfirmed.headMap(number, true);
      Collection<Sent> all = List.copyOf(until.values());
      until.clear();
      all.forEach(sent -> answered(sent, taken));
    } else {
      Sent sent = unconfirmed.remove(number);
      if (sent != null) {
        answered(sent, taken);
      }
    }
  }

  private void answered(Sent sent, boolean taken) {
    Outgoing message = sent.message;
    if (!returned.isEmpty() && message.mandatory() && returned.remove(message.id())) {
      fail(message, new Unroutable(message.exchange(), message.key()));
    } else if (!taken) {
      fail(message, new IOException("failed to get publisher confirm: the broker refused the job"));
    } else if (isLate(sent)) {
      fail(message, new Late(sent.declaredAt));
    } else {
      var unused = message.done().complete(null);
    }
  }

  private static void fail(Outgoing message, Exception why) {
    var unused = message.done().completeExceptionally(why);
  }

  private static boolean isLate(Sent sent) {
    DelayQueue delayed = sent.message.delayed();
    return delayed != null
        && System.nanoTime() - sent.declaredAt > TimeUnit.MILLISECONDS.toNanos(delayed.millis());
  }

  /** Comes before the confirmation of the same message. */
  private void returned(Return message) {
    Object id = message.getProperties().getHeaders().get(Messages.ID);
    var unused = returned.add(String.valueOf(id));
  }

  private void ended(ShutdownSignalException cause) {
    List<Outgoing> left = new ArrayList<>();
    // One by one: what is put there meanwhile is taken here, or by who put it there.
    for (var next = unconfirmed.pollFirstEntry();
        next != null;
        next = unconfirmed.pollFirstEntry()) {
      left.add(next.getValue().message);
    }
    atEnd.take(left, cause);
    var unused = end.complete(null);
  }

  /** Done when the channel has ended, and all without an answer was taken. */
  CompletableFuture<Void> end() {
    return end;
  }
}
