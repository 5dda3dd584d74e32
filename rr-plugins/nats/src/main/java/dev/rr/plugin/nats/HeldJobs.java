package dev.rr.plugin.nats;

import dev.rr.api.jobs.Attempts;
import dev.rr.api.jobs.PipelineFaults;
import dev.rr.api.plugin.Deadline;
import io.nats.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that a pipeline has taken and that have no outcome, over all connections: the server knows
 * its consumer whoever speaks for it. Those that were not handed over wait here. Any thread.
 */
final class HeldJobs {
  /** How long an outcome waits for a server that is away. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final byte[] IN_PROGRESS = NatsDelivery.word("+WPI");
  private static final Duration RETRY = Duration.ofMillis(50);

  private final NatsServer server;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock.
  private final Map<Place, NatsDelivery> held = new HashMap<>();
  private final Deque<NatsDelivery> arrived = new ArrayDeque<>();
  private boolean stopped;

  /**
   * Where a message is. A stream that was deleted and made anew counts from 1 again.
   *
   * @param storedAt when the server has stored it, in nanoseconds
   */
  record Place(long sequence, long storedAt) {}

  HeldJobs(NatsServer server) {
    this.server = server;
  }

  int size() {
    lock.lock();
    try {
      return held.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes one that has arrived. When it is held already, the server has lost its patience, and
   * takes an outcome at the new address.
   */
  void add(NatsDelivery delivery) {
    lock.lock();
    try {
      NatsDelivery before = held.putIfAbsent(delivery.at(), delivery);
      if (before == null) {
        arrived.add(delivery);
        changed.signalAll();
      } else {
        before.answerTo(delivery.answerTo());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has whoever waits in {@link #next} look again. */
  void look() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits a while for the next to hand over.
   *
   * @param most that may be held
   * @param idle whether nothing was asked for
   * @return null when there is none, or it is time to ask for more
   */
  @Nullable NatsDelivery next(int most, BooleanSupplier idle, Duration longest)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = longest.toNanos();
      while (arrived.isEmpty() && left > 0 && !(held.size() < most && idle.getAsBoolean())) {
        left = changed.awaitNanos(left);
      }
      return arrived.poll();
    } finally {
      lock.unlock();
    }
  }

  /** Puts one back that was not handed over after all, before the others. */
  void putBack(NatsDelivery delivery) {
    lock.lock();
    try {
      arrived.addFirst(delivery);
    } finally {
      lock.unlock();
    }
  }

  /** Gives back what was not handed over. */
  void giveBackWaiting() {
    List<NatsDelivery> waiting;
    lock.lock();
    try {
      waiting = List.copyOf(arrived);
      arrived.clear();
    } finally {
      lock.unlock();
    }
    waiting.forEach(this::giveBack);
  }

  /** The server has forgotten them: their outcomes would be those of others. */
  void forget() {
    lock.lock();
    try {
      held.clear();
      arrived.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Tells the server that they are still worked on. */
  void keep() {
    Connection connection = server.current();
    if (connection == null) {
      return;
    }
    try {
      for (NatsDelivery delivery : all()) {
        connection.publish(delivery.answerTo(), IN_PROGRESS);
      }
    } catch (IllegalStateException e) {
      // The connection was lost; the next one is told.
    }
  }

  private List<NatsDelivery> all() {
    lock.lock();
    try {
      return new ArrayList<>(held.values());
    } finally {
      lock.unlock();
    }
  }

  /** Tells the server, once, that a job does not come again; waits for a connection. */
  void done(NatsDelivery delivery, byte[] outcome) throws Exception {
    check(delivery);
    try {
      tell(delivery, outcome, Deadline.after(TIMEOUT));
    } finally {
      remove(delivery);
    }
  }

  /**
   * Tells the server, once, that a job is to come again; waits for a connection. It is not held any
   * more by then: the server may be faster than whoever tells it.
   */
  void comesAgain(NatsDelivery delivery, byte[] outcome) throws Exception {
    check(delivery);
    remove(delivery);
    tell(delivery, outcome, Deadline.after(TIMEOUT));
  }

  private void tell(NatsDelivery delivery, byte[] outcome, Deadline deadline)
      throws IOException, InterruptedException {
    Attempts.until(
        deadline,
        RETRY,
        () -> {
          if (!told(server.connection(deadline.remaining()), delivery, outcome)) {
            throw new IOException("the connection to " + server + " was lost");
          }
        });
  }

  private static boolean told(Connection connection, NatsDelivery delivery, byte[] outcome) {
    try {
      connection.publish(delivery.answerTo(), outcome);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Gives one back without waiting; whoever asks next gets it. */
  void giveBack(NatsDelivery delivery) {
    remove(delivery);
    Connection connection = server.current();
    if (connection != null) {
      var _ = told(connection, delivery, NatsDelivery.NAK);
    }
  }

  private void remove(NatsDelivery delivery) {
    lock.lock();
    try {
      var _ = held.remove(delivery.at(), delivery);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Checks that an outcome can be told.
   *
   * @throws IllegalStateException when the pipeline has stopped, or the server has forgotten it
   */
  void check(NatsDelivery delivery) {
    lock.lock();
    try {
      if (stopped) {
        throw PipelineFaults.stopped();
      }
      if (!holds(delivery)) {
        throw new IllegalStateException(
            "the job is not held any more: it has its outcome, or its stream was deleted");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether an outcome can be told. */
  boolean holds(NatsDelivery delivery) {
    lock.lock();
    try {
      return held.get(delivery.at()) == delivery;
    } finally {
      lock.unlock();
    }
  }

  /** Gives all back; no outcome is taken from now on. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
    } finally {
      lock.unlock();
    }
    all().forEach(this::giveBack);
  }
}
