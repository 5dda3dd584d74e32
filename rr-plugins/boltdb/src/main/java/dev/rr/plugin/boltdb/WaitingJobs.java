package dev.rr.plugin.boltdb;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The order of a pipeline's jobs: those that wait, by priority and then as they came; those that
 * are not due; and those that were taken, of which there is a most. Any thread.
 */
final class WaitingJobs {
  /** A clock that is moved is noticed within so long. */
  private static final long LONGEST_WAIT = TimeUnit.MINUTES.toMillis(1);

  private final InstantSource clock;
  private final int mostTaken;
  private final ReentrantLock lock = new ReentrantLock();
  // All below is guarded by the lock.
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
  private final PriorityQueue<Waiting> delayed = new PriorityQueue<>();
  private final Set<Long> taken = new HashSet<>();
  private long order;

  /**
   * A job in one of the queues.
   *
   * @param key what comes first: its priority, or the moment when it is due
   * @param order what comes first of those that have the same
   */
  private record Waiting(long key, long order, long number, long priority)
      implements Comparable<Waiting> {
    @Override
    public int compareTo(Waiting other) {
      int byKey = Long.compare(key, other.key);
      return byKey == 0 ? Long.compare(order, other.order) : byKey;
    }
  }

  WaitingJobs(InstantSource clock, int mostTaken) {
    this.clock = clock;
    this.mostTaken = mostTaken;
  }

  /** A job waits from now on, behind those of its priority; one that was taken is so no more. */
  void add(long number, long due, long priority) {
    lock.lock();
    try {
      taken.remove(number);
      if (due > clock.millis()) {
        delayed.add(new Waiting(due, order++, number, priority));
      } else {
        waiting.add(new Waiting(priority, order++, number, priority));
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** A job that was taken is gone. */
  void remove(long number) {
    lock.lock();
    try {
      taken.remove(number);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next job, and as long as too many are taken. One thread. */
  long take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long next = moveDue();
        if (taken.size() < mostTaken && !waiting.isEmpty()) {
          long number = waiting.remove().number();
          taken.add(number);
          return number;
        }
        var unused = changed.await(Math.min(next, LONGEST_WAIT), TimeUnit.MILLISECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Moves what is due, and answers how long it is until the next is. */
  private long moveDue() {
    long now = clock.millis();
    Waiting first = delayed.peek();
    while (first != null && first.key() <= now) {
      delayed.remove();
      waiting.add(new Waiting(first.priority(), first.order(), first.number(), first.priority()));
      first = delayed.peek();
    }
    return first == null ? Long.MAX_VALUE : first.key() - now;
  }

  /** Those that wait, and those that were taken. */
  int active() {
    lock.lock();
    try {
      return waiting.size() + taken.size();
    } finally {
      lock.unlock();
    }
  }

  /** Those that are not due. */
  int delayed() {
    lock.lock();
    try {
      var unused = moveDue();
      return delayed.size();
    } finally {
      lock.unlock();
    }
  }
}
