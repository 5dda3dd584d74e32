package dev.rr.plugin.amqp;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.ShutdownSignalException;
import dev.rr.api.error.OperationException;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Outages;
import dev.rr.plugin.amqp.Outgoing.Late;
import dev.rr.plugin.amqp.Outgoing.Unroutable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages, and tells for each that the broker has it. One thread writes them, as a
 * broker that is short of memory does not read what is written; whoever waits for an answer has a
 * deadline of its own. What a connection that ended has left without an answer is published again,
 * so the broker may get it twice, and not at all only when its publisher is told so. Any thread.
 */
final class Publisher {
  /** Of all that has no answer yet, in bytes; one message may be larger. */
  private static final int ROOM = 64 * 1024 * 1024;

  /** Attempts for a message whose exchange or queue is not there: both may have to be made. */
  private static final int ATTEMPTS = 3;

  private static final long PAUSE_MILLIS = 50;

  private final String pipeline;
  private final Topology topology;
  private final Repair repair;
  private final Link<PublishChannels> link;
  private final LinkedBlockingDeque<Outgoing> queue = new LinkedBlockingDeque<>();
  private final Semaphore room = new Semaphore(ROOM);
  // Messages that go one by one, as one of them is refused.
  private final AtomicInteger alone = new AtomicInteger();
  private final Object life = new Object();
  // Both are guarded by life.
  private @Nullable Thread writer;
  private boolean stopped;
  private volatile String failure = "";

  /** Makes the queue that messages go to. */
  interface Repair {
    void run(Deadline deadline) throws IOException, InterruptedException;
  }

  Publisher(
      String pipeline, Topology topology, Repair repair, Connector connector, Outages outages) {
    this.pipeline = pipeline;
    this.topology = topology;
    this.repair = repair;
    this.link = new Link<>(pipeline, "publisher", connector, this::open, outages);
  }

  private PublishChannels open(Wire wire) throws IOException {
    return PublishChannels.open(wire, topology, this::publishAgain);
  }

  /** The channels; makes the connection where there is none yet. */
  PublishChannels channels(Deadline deadline) throws IOException, InterruptedException {
    return link.get(deadline);
  }

  /** Whether there is a connection. */
  boolean isConnected() {
    PublishChannels channels = link.current();
    return channels != null && channels.isOpen();
  }

  // ---- whoever publishes -----------------------------------------------------------------------

  /**
   * Publishes in order, and returns when the broker has all of them. When one fails, some behind it
   * may have gone as well.
   */
  void publish(List<Outgoing> messages, Deadline deadline) throws Exception {
    begin();
    int sent = 0;
    int answered = 0;
    try {
      while (answered < messages.size()) {
        while (sent < messages.size()
            && (sent == answered || room.tryAcquire(size(messages.get(sent))))) {
          if (sent == answered) {
            awaitRoom(messages.get(sent), deadline);
          }
          enqueue(messages.get(sent));
          sent++;
        }
        await(messages.get(answered));
        answered++;
      }
    } finally {
      // Whoever is told that they failed may push them anew.
      messages.subList(answered, sent).forEach(Publisher::giveUp);
    }
  }

  private static void giveUp(Outgoing message) {
    var unused = message.done().cancel(false);
  }

  private static int size(Outgoing message) {
    return Math.min(ROOM, message.size());
  }

  private void awaitRoom(Outgoing message, Deadline deadline) throws Exception {
    if (!room.tryAcquire(size(message), deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
      throw late();
    }
  }

  private void enqueue(Outgoing message) {
    var unused = message.done().whenComplete((done, fault) -> room.release(size(message)));
    queue.add(message);
  }

  private void await(Outgoing first) throws Exception {
    Outgoing message = first;
    try {
      for (int attempt = 1; !isTaken(message, attempt); attempt++) {
        message = again(message);
      }
    } finally {
      giveUp(message);
    }
  }

  /** Whether the broker has it; if not, another attempt may succeed. */
  private boolean isTaken(Outgoing message, int attempt) throws Exception {
    try {
      var unused =
          message.done().get(message.deadline().remaining().toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      throw late();
    } catch (ExecutionException e) {
      Throwable fault = e.getCause();
      if (fault instanceof Late late && isKept(message, late)) {
        return true;
      }
      if (attempt == ATTEMPTS || !isMended(message, fault)) {
        throw failed(fault);
      }
      return false;
    }
  }

  private boolean isKept(Outgoing message, Late late) throws Exception {
    DelayQueue delayed = message.delayed();
    return delayed != null && link.get(message.deadline()).renewed(delayed, late.declaredAt());
  }

  /**
   * Makes the queue that was deleted, or went with a broker that has restarted; an exchange is made
   * with the channel that takes the place of the one which the broker has closed over it. Answers
   * whether that was all.
   */
  private boolean isMended(Outgoing message, @Nullable Throwable fault) throws Exception {
    if (!(fault instanceof Unroutable)) {
      return fault != null && AmqpFaults.isNotFound(fault);
    }
    DelayQueue delayed = message.delayed();
    if (delayed == null) {
      repair.run(message.deadline());
    } else {
      PublishChannels channels = link.current();
      if (channels != null) {
        channels.forget(delayed);
      }
    }
    return true;
  }

  private Outgoing again(Outgoing message) throws Exception {
    Outgoing next = message.again();
    awaitRoom(next, next.deadline());
    enqueue(next);
    return next;
  }

  private static Exception failed(@Nullable Throwable cause) {
    return switch (cause) {
      case null -> new IOException("failed to get publisher confirm");
      case IllegalArgumentException tooLarge ->
          new IOException("the job is no message: " + tooLarge.getMessage(), tooLarge);
      default -> AmqpFaults.told(cause);
    };
  }

  /** Upstream's words, and why. */
  private OperationException late() {
    PublishChannels channels = link.current();
    String blocked = channels == null ? "" : channels.wire().blockedBecause();
    String why;
    if (!blocked.isEmpty()) {
      why = ": the broker takes no messages: " + blocked;
    } else if (channels == null) {
      why = ": no connection to the broker" + (failure.isEmpty() ? "" : ": " + failure);
    } else {
      why = ": the broker has not confirmed it";
    }
    return OperationException.of(
        "amqp_driver_handle_item", "Timeout", "context deadline exceeded" + why);
  }

  // ---- the thread that writes ------------------------------------------------------------------

  private void begin() {
    synchronized (life) {
      if (stopped) {
        throw new IllegalStateException("the pipeline is stopped");
      }
      if (writer == null) {
        writer = Thread.ofVirtual().name("rr-amqp-" + pipeline + "-publish").start(this::writeAll);
      }
    }
  }

  private void writeAll() {
    try {
      while (true) {
        write(queue.take());
      }
    } catch (InterruptedException e) {
      // It was stopped.
    }
  }

  /** Until the channel has it, or nobody waits for it any more. */
  private void write(Outgoing message) throws InterruptedException {
    while (!message.done().isDone()) {
      try {
        PublishChannels channels = link.get(message.deadline());
        failure = "";
        awaitTaking(channels, message);
        if (!message.done().isDone()) {
          channels.publish(message);
          awaitAlone(channels, message);
        }
        return;
      } catch (IOException | RuntimeException e) {
        failure = AmqpFaults.text(e);
        if (isRefused(e)) {
          var unused = message.done().completeExceptionally(e);
        } else {
          Thread.sleep(PAUSE_MILLIS);
        }
      }
    }
  }

  /**
   * The broker said no to this message's queue, or the client to the message, and will say so
   * again. A channel that was closed before is another message's fault.
   */
  private static boolean isRefused(Exception fault) {
    return fault instanceof IllegalArgumentException
        || !(fault instanceof AlreadyClosedException) && AmqpFaults.isChannelError(fault);
  }

  private static void awaitTaking(PublishChannels channels, Outgoing message)
      throws InterruptedException {
    CompletableFuture<Void> taking = channels.wire().taking();
    if (!taking.isDone()) {
      awaitAny(taking, channels.end(), message.done());
    }
  }

  private static void awaitAny(CompletableFuture<?>... any) throws InterruptedException {
    try {
      var unused = CompletableFuture.anyOf(any).get();
    } catch (ExecutionException e) {
      // Its publisher waits no longer.
    }
  }

  /** Waits for the answer, if this is one of those that go one by one. */
  private void awaitAlone(PublishChannels channels, Outgoing message) throws InterruptedException {
    if (alone.get() > 0) {
      awaitAny(channels.end(), message.done());
      if (message.done().isDone()) {
        alone.decrementAndGet();
      }
    }
  }

  /**
   * Before all others, in order. What the broker refuses ends the channel: where it was one of
   * several they go one by one, so that the others go on.
   */
  private void publishAgain(List<Outgoing> unanswered, ShutdownSignalException cause) {
    if (AmqpFaults.isChannelError(cause) && !cause.isInitiatedByApplication()) {
      if (unanswered.size() == 1) {
        var unused = unanswered.getFirst().done().completeExceptionally(cause);
      } else {
        alone.accumulateAndGet(unanswered.size(), Math::max);
      }
    }
    for (Outgoing message : unanswered.reversed()) {
      if (!message.done().isDone()) {
        queue.addFirst(message);
      }
    }
  }

  /** Ends for good: whoever waits is told so. */
  void stop(Deadline deadline) throws InterruptedException {
    Thread running;
    synchronized (life) {
      stopped = true;
      running = writer;
      writer = null;
    }
    if (running != null) {
      running.interrupt();
    }
    link.close(deadline);
    Outgoing left = queue.poll();
    while (left != null) {
      var unused =
          left.done().completeExceptionally(new IllegalStateException("the pipeline is stopped"));
      left = queue.poll();
    }
    if (running != null) {
      boolean unused = running.join(deadline.remaining().plusMillis(1));
    }
  }
}
