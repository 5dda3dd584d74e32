package dev.rr.plugin.googlepubsub;

import dev.rr.api.jobs.PipelineFaults;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that a pipeline has taken and that have no outcome, over all connections: the server knows
 * them by their ids, whichever stream they came over. Those that are early, and those that were not
 * handed over, wait here. Any thread.
 */
final class JobLeases {
  private static final int MOST_EARLY = 10_000;
  private static final long MOST_EARLY_BYTES = 16 << 20;

  private final int prefetch;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock.
  private final Map<String, LeasedJob> held = new HashMap<>();
  private final Deque<LeasedJob> arrived = new ArrayDeque<>();
  private final PriorityQueue<LeasedJob> early =
      new PriorityQueue<>((a, b) -> Long.signum(a.dueAt() - b.dueAt()));
  private long earlyBytes;
  private int handedOver;
  private boolean stopped;

  /** What becomes of a job that has arrived. */
  enum Place {
    /** It is handed over when it is its turn. */
    ARRIVED,
    /** It is kept until it is due. */
    EARLY,
    /** It is early, and there is no room for it. */
    NONE
  }

  JobLeases(int prefetch) {
    this.prefetch = prefetch;
  }

  /**
   * Takes one. When it is held already, the server has lost its patience, and takes an outcome by
   * the new id.
   */
  Place take(LeasedJob job) {
    lock.lock();
    try {
      if (stopped) {
        return Place.NONE;
      }
      LeasedJob before = held.get(job.messageId());
      if (before != null) {
        before.ackId(job.ackId());
        return Place.ARRIVED;
      }
      return place(job);
    } finally {
      lock.unlock();
    }
  }

  /** With the lock. */
  private Place place(LeasedJob job) {
    if (!job.early().isPositive()) {
      held.put(job.messageId(), job);
      arrived.add(job);
      changed.signalAll();
      return Place.ARRIVED;
    }
    if (early.size() >= MOST_EARLY || earlyBytes >= MOST_EARLY_BYTES) {
      return Place.NONE;
    }
    held.put(job.messageId(), job);
    early.add(job);
    earlyBytes += job.job().size();
    changed.signalAll();
    return Place.EARLY;
  }

  /** Ends the wait in {@link #next}. */
  void wakeUp() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits a while for the next to hand over, or until something has changed.
   *
   * @return null when there is none, or as many as may be are handed over
   */
  @Nullable LeasedJob next(Duration longest) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!hasNext()) {
        long unused = changed.awaitNanos(Math.min(longest.toNanos(), moveDue()));
      }
      if (!hasNext()) {
        return null;
      }
      handedOver++;
      return arrived.remove();
    } finally {
      lock.unlock();
    }
  }

  // With the lock.
  private boolean hasNext() {
    long unused = moveDue();
    return !arrived.isEmpty() && handedOver < prefetch;
  }

  /** Answers how many nanoseconds it takes until the next is due. With the lock. */
  private long moveDue() {
    for (LeasedJob first = early.peek(); first != null; first = early.peek()) {
      long nanos = first.dueAt() - System.nanoTime();
      if (nanos > 0) {
        return nanos;
      }
      arrived.add(early.remove());
      earlyBytes -= first.job().size();
    }
    return Long.MAX_VALUE;
  }

  /**
   * Whether others may be taken. There is more room than for what is handed over: a server counts
   * what it has sent over one stream, and another may follow before that is done.
   */
  boolean hasRoom() {
    lock.lock();
    try {
      return held.size() - early.size() < 2L * prefetch;
    } finally {
      lock.unlock();
    }
  }

  /** How many are kept until they are due. */
  int delayed() {
    lock.lock();
    try {
      return early.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many others have no outcome. */
  int reserved() {
    lock.lock();
    try {
      return held.size() - early.size();
    } finally {
      lock.unlock();
    }
  }

  /** The ids of all. */
  List<String> ids() {
    lock.lock();
    try {
      return held.values().stream().map(LeasedJob::ackId).toList();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Checks that an outcome can be told.
   *
   * @throws IllegalStateException when the pipeline has stopped, or the job has its outcome
   */
  void check(LeasedJob job) {
    lock.lock();
    try {
      if (stopped) {
        throw PipelineFaults.stopped();
      }
      if (held.get(job.messageId()) != job) {
        throw PipelineFaults.settled();
      }
    } finally {
      lock.unlock();
    }
  }

  /** One that was handed over is not held any more. */
  void remove(LeasedJob job) {
    lock.lock();
    try {
      if (held.remove(job.messageId(), job)) {
        handedOver--;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives up those that were not handed over; answers their ids. */
  List<String> giveUpWaiting() {
    lock.lock();
    try {
      List<String> ids = new ArrayList<>();
      for (Iterable<LeasedJob> waiting : List.of(arrived, early)) {
        for (LeasedJob job : waiting) {
          held.remove(job.messageId());
          ids.add(job.ackId());
        }
      }
      arrived.clear();
      early.clear();
      earlyBytes = 0;
      return ids;
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more, and no outcome; answers the ids of those that had none. */
  List<String> stop() {
    lock.lock();
    try {
      stopped = true;
      List<String> ids = ids();
      held.clear();
      arrived.clear();
      early.clear();
      return ids;
    } finally {
      lock.unlock();
    }
  }
}
