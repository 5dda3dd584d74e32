package dev.rr.plugin.sqs;

import dev.rr.api.jobs.PipelineFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Jobs that a pipeline has taken out of its queue and that have no outcome. Any thread. */
final class HeldMessages {
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock.
  private final Set<SqsDelivery> held = new LinkedHashSet<>();
  private boolean stopped;

  HeldMessages(int most) {
    this.most = most;
  }

  void add(SqsDelivery delivery) {
    lock.lock();
    try {
      held.add(delivery);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until more may be taken, and answers how many. */
  int awaitRoom() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (held.size() >= most) {
        changed.await();
      }
      return most - held.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Checks that an outcome can be told.
   *
   * @throws IllegalStateException when the pipeline has stopped, or the job has its outcome
   */
  void check(SqsDelivery delivery) {
    lock.lock();
    try {
      if (stopped) {
        throw PipelineFaults.stopped();
      }
      if (!held.contains(delivery)) {
        throw new IllegalStateException("the job is not held any more: it has its outcome");
      }
    } finally {
      lock.unlock();
    }
  }

  void remove(SqsDelivery delivery) {
    lock.lock();
    try {
      held.remove(delivery);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Those that are held for so long. */
  List<SqsDelivery> since(Duration age) {
    long now = System.nanoTime();
    lock.lock();
    try {
      return held.stream().filter(d -> now - d.takenAt() >= age.toNanos()).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no outcome from now on. Answers what has none. */
  List<SqsDelivery> stop() {
    lock.lock();
    try {
      stopped = true;
      List<SqsDelivery> left = new ArrayList<>(held);
      held.clear();
      changed.signalAll();
      return left;
    } finally {
      lock.unlock();
    }
  }
}
