package dev.rr.plugin.jobs;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands queued jobs to one pool, as its workers become free. Nothing waits here: whoever adds a
 * job, and the thread of each worker that takes one or has finished one, looks whether the pool
 * needs the next. A few stand in line at the pool, so that no worker is idle meanwhile and a
 * dynamic pool sees that it is too small; an urgent job passes by all others. Any thread.
 */
final class JobDispatcher {
  /** Jobs that stand in line at the pool; upstream has two pollers more than workers. */
  private static final int AHEAD = 2;

  /** Outcomes that may be on their way to brokers at once; no further job is begun beyond. */
  private static final int MOST_SETTLING = 1024;

  /** Before a pool is asked again that has no worker for anybody. */
  private static final Duration RETRY = Duration.ofMillis(500);

  private final String name;
  private final Pool pool;
  private final Shared shared;
  private final Settlement settlement;
  private final AtomicInteger inLine = new AtomicInteger();
  private final AtomicInteger settling = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();
  // The pool has refused a job, and nothing has happened since that could change its mind.
  private final AtomicBoolean refusing = new AtomicBoolean();
  private volatile boolean open;

  /**
   * A dispatcher that does nothing before {@link #open}.
   *
   * @param name the pool's, as jobs and the queue know it
   */
  JobDispatcher(String name, Pool pool, Shared shared, Settlement settlement) {
    this.name = name;
    this.pool = pool;
    this.shared = shared;
    this.settlement = settlement;
  }

  /** Begins. The pool has started. */
  void open() {
    open = true;
    pump();
  }

  /** Hands over nothing more. */
  void close() {
    open = false;
  }

  /** Outcomes on their way to brokers. */
  int settling() {
    return settling.get();
  }

  /** Waits until no outcome is on its way to a broker, or for so long. */
  void awaitSettled(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = deadline.remaining().toNanos();
      while (settling.get() > 0 && left > 0) {
        left = settled.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void settledOne() {
    if (settling.decrementAndGet() > 0) {
      return;
    }
    lock.lock();
    try {
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Hands jobs over as long as the pool needs some and some wait. */
  void pump() {
    while (open && !refusing.get() && reserve()) {
      QueuedJob job = next();
      if (job != null) {
        exec(job);
        continue;
      }
      inLine.decrementAndGet();
      // Whoever added a job in between has seen the place taken, and relies on this look.
      if (shared.queue().isEmpty(name)) {
        return;
      }
    }
  }

  /** The next job that its broker has not taken back meanwhile. */
  private @Nullable QueuedJob next() {
    QueuedJob job = shared.queue().poll(name);
    while (job != null && job.delivery.stale()) {
      job = shared.queue().poll(name);
    }
    return job;
  }

  private boolean reserve() {
    if (settling.get() >= MOST_SETTLING) {
      return false;
    }
    int now = inLine.get();
    while (now < AHEAD) {
      int seen = inLine.compareAndExchange(now, now + 1);
      if (seen == now) {
        return true;
      }
      now = seen;
    }
    return false;
  }

  private void exec(QueuedJob job) {
    JobExecution execution = new JobExecution(this, job, shared);
    byte[] body = job.delivery.job().payload();
    pool.exec(
        new Payload(
            Payload.RAW, execution, body.length == 0 ? Payload.NO_BODY : new Payload.Bytes(body)),
        execution);
  }

  /** A worker has taken a job: its place in line is free. */
  void begun() {
    inLine.decrementAndGet();
    pump();
  }

  /** A job has left the line: it has failed before a worker took it. */
  void notBegun() {
    inLine.decrementAndGet();
  }

  /** A job was not begun, and will not be: the pool is stopping. */
  void dropped(QueuedJob job) {
    putBack(job);
    inLine.decrementAndGet();
  }

  /** It stays the first of its pipeline. */
  private void putBack(QueuedJob job) {
    if (!shared.queue().putBack(job)) {
      settling.incrementAndGet();
      settleLater(() -> settlement.notBegun(job));
    }
  }

  /** A job was not taken by any worker. */
  void refused(QueuedJob job) {
    boolean first = refusing.compareAndSet(false, true);
    putBack(job);
    inLine.decrementAndGet();
    if (first && open) {
      Thread.ofVirtual()
          .name("rr-jobs-retry")
          .start(() -> {
            shared.pause(RETRY);
            refusing.set(false);
            pump();
          });
    }
  }

  /** Tells the driver what a worker said. On the worker's thread, which must not wait for it. */
  void answered(QueuedJob job, byte[] body) {
    refusing.set(false);
    settle(job, () -> settlement.answered(job, body));
  }

  /** Tells the driver that nobody could work on a job. On any thread. */
  void failed(QueuedJob job, String error) {
    refusing.set(false);
    settling.incrementAndGet();
    pump();
    // Never at once, as there is a pause before the job comes again.
    settleLater(() -> settlement.failed(job, error));
  }

  private void settle(QueuedJob job, Runnable outcome) {
    if (job.delivery.quick() && !job.source.pipeline.hasDeadLetter()) {
      outcome.run();
      pump();
    } else {
      settling.incrementAndGet();
      pump();
      settleLater(outcome);
    }
  }

  private void settleLater(Runnable outcome) {
    Thread.ofVirtual()
        .name("rr-jobs-outcome")
        .start(() -> {
          try {
            outcome.run();
          } finally {
            settledOne();
            pump();
          }
        });
  }
}
