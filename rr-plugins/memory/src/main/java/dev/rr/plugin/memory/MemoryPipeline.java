package dev.rr.plugin.memory;

import dev.rr.api.error.OperationException;
import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineFaults;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.log.Log;
import dev.rr.api.log.OncePerSecond;
import dev.rr.api.plugin.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in the server's own memory, in order. Has no thread while the sink takes what it is given:
 * whoever pushes a job or tells an outcome hands the next over, one at a time so that the order
 * stays. A virtual thread waits where the sink is full, and another for the jobs that are not due.
 */
final class MemoryPipeline implements Pipeline {
  private static final String DRIVER = "memory";

  /** How often a full pipeline looks whether others have made room. */
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(20);

  private final PipelineSpec spec;
  private final MemoryJobsConfig config;
  private final JobSink sink;
  private final Room room;
  private final Log log;
  private final OncePerSecond prefetchLines = new OncePerSecond();

  private final ReentrantLock lock = new ReentrantLock();
  // All below is guarded by the lock.
  private final Condition changed = lock.newCondition();
  private final Deque<Taken> waiting = new ArrayDeque<>();
  private final PriorityQueue<Due> delayed = new PriorityQueue<>();
  private long sequence;
  private long inFlight;
  // Bytes of all that waits, is not due or was handed over.
  private long held;
  private boolean active;
  private boolean feeding;
  private boolean stopped;
  private @Nullable Thread blocked;
  private @Nullable Thread timer;

  /** A job that is not due; of those due at the same moment the first pushed is the first. */
  private record Due(Taken job, long at, long order) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at - other.at, 0);
      return byTime == 0 ? Long.compare(order, other.order) : byTime;
    }
  }

  MemoryPipeline(PipelineSpec spec, MemoryJobsConfig config, JobSink sink, Room room, Log log) {
    this.spec = spec;
    this.config = config;
    this.sink = sink;
    this.room = room;
    this.log = log;
  }

  // ---- in --------------------------------------------------------------------------------------

  @Override
  public boolean offer(List<Job> jobs) {
    long size = jobs.stream().mapToLong(Job::size).sum();
    if (!room.take(size)) {
      return false;
    }
    lock.lock();
    try {
      if (stopped) {
        room.give(size);
        return false;
      }
      held += size;
      for (Job job : jobs) {
        add(new Taken(own(job)), job.options().delay());
      }
    } finally {
      lock.unlock();
    }
    feed();
    return true;
  }

  /** Upstream ignores the wish to acknowledge a job before it is worked on; there is no broker. */
  private static Job own(Job job) {
    Job.Options options = job.options();
    return options.autoAck()
        ? job.withOptions(
            new Job.Options(options.priority(), options.delay(), false, options.log()))
        : job;
  }

  @Override
  public void push(List<Job> jobs, Deadline deadline) throws Exception {
    for (Job job : jobs) {
      awaitRoom(job, deadline);
    }
  }

  private void awaitRoom(Job job, Deadline deadline) throws Exception {
    while (!offer(List.of(job))) {
      lock.lock();
      try {
        if (stopped) {
          throw PipelineFaults.stopped();
        }
        if (deadline.passed()) {
          throw full();
        }
        // Room is shared with others, who do not tell.
        long ignored = changed.awaitNanos(Math.min(LOOK, deadline.remaining().toNanos()));
      } finally {
        lock.unlock();
      }
    }
  }

  private OperationException full() {
    return OperationException.within(
        "in_memory_push",
        OperationException.of(
            "in_memory_handle_request",
            "local pipeline is full, consider to increase prefetch number, current limit: "
                + config.prefetch()
                + ", context error: context deadline exceeded"));
  }

  // Under the lock.
  private void add(Taken job, Duration delay) {
    if (delay.isZero()) {
      waiting.add(job);
      return;
    }
    Due due = new Due(job, System.nanoTime() + delay.toNanos(), sequence++);
    delayed.add(due);
    if (timer == null) {
      timer = Thread.ofVirtual().name("rr-memory-delays").start(this::awaitDue);
    } else if (delayed.peek() == due) {
      changed.signalAll();
    }
  }

  // ---- on --------------------------------------------------------------------------------------

  /** Hands over what the sink takes without waiting. */
  private void feed() {
    Taken next = first();
    while (next != null) {
      if (sink.offer(next)) {
        next = following();
      } else {
        handOverLater(next);
        return;
      }
    }
  }

  private @Nullable Taken first() {
    lock.lock();
    try {
      if (feeding) {
        return null;
      }
      feeding = true;
      return next();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Taken following() {
    lock.lock();
    try {
      return next();
    } finally {
      lock.unlock();
    }
  }

  // Under the lock, by the one who feeds.
  private @Nullable Taken next() {
    if (active && inFlight < config.prefetch()) {
      Taken next = waiting.poll();
      if (next != null) {
        inFlight++;
        return next;
      }
    } else if (active && !waiting.isEmpty() && prefetchLines.passes()) {
      log.debug(
          "prefetch limit was reached, waiting for the jobs to be processed",
          "current",
          inFlight,
          "limit",
          config.prefetch());
    }
    feeding = false;
    return null;
  }

  private void handOverLater(Taken next) {
    lock.lock();
    try {
      if (active) {
        blocked = Thread.ofVirtual().name("rr-memory-feed").start(() -> handOver(next));
      } else {
        putBack(next);
      }
    } finally {
      lock.unlock();
    }
  }

  private void handOver(Taken first) {
    Taken next = first;
    try {
      while (next != null) {
        sink.add(next);
        next = following();
      }
    } catch (InterruptedException end) {
      lock.lock();
      try {
        putBack(next);
      } finally {
        lock.unlock();
      }
    }
  }

  // Under the lock.
  private void putBack(Taken next) {
    inFlight--;
    waiting.addFirst(next);
    feeding = false;
  }

  private void awaitDue() {
    try {
      while (true) {
        lock.lock();
        try {
          Due first = delayed.peek();
          if (stopped || first == null) {
            timer = null;
            return;
          }
          long left = first.at - System.nanoTime();
          if (left > 0) {
            long ignored = changed.awaitNanos(left);
            continue;
          }
          waiting.add(delayed.remove().job);
        } finally {
          lock.unlock();
        }
        feed();
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- its life --------------------------------------------------------------------------------

  @Override
  public void resume(Deadline deadline) {
    lock.lock();
    try {
      if (active) {
        throw PipelineFaults.active(DRIVER);
      }
      active = !stopped;
    } finally {
      lock.unlock();
    }
    feed();
  }

  @Override
  public void pause(Deadline deadline) throws Exception {
    lock.lock();
    try {
      if (!active) {
        throw PipelineFaults.notActive();
      }
    } finally {
      lock.unlock();
    }
    end(deadline);
  }

  private void end(Deadline deadline) throws Exception {
    Thread feeder;
    lock.lock();
    try {
      active = false;
      feeder = blocked;
      blocked = null;
    } finally {
      lock.unlock();
    }
    if (feeder != null) {
      feeder.interrupt();
      if (!feeder.join(deadline.remaining())) {
        throw new TimeoutException("context deadline exceeded");
      }
    }
  }

  @Override
  public PipelineState state(Deadline deadline) {
    lock.lock();
    try {
      return new PipelineState(
          spec.name(),
          DRIVER,
          spec.name(),
          waiting.size() + inFlight,
          delayed.size(),
          0,
          active,
          spec.priority(),
          "");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    long lost;
    lock.lock();
    try {
      lost = stopped ? 0 : waiting.size() + delayed.size() + inFlight;
      stopped = true;
      room.give(held);
      held = 0;
      waiting.clear();
      delayed.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (lost > 0) {
      log.warn(
          "jobs in memory are gone with their pipeline", "pipeline", spec.name(), "jobs", lost);
    }
    end(deadline);
  }

  // ---- out -------------------------------------------------------------------------------------

  /** A job, which waits, is not due, or was handed over. */
  private final class Taken implements Delivery {
    private final Job job;
    private final long size;
    // Guarded by the pipeline's lock.
    private boolean told;

    Taken(Job job) {
      this.job = job;
      this.size = job.size();
    }

    @Override
    public Job job() {
      return job;
    }

    @Override
    public String queue() {
      return "";
    }

    @Override
    public boolean quick() {
      return true;
    }

    @Override
    public void ack() {
      settle(null, Duration.ZERO);
    }

    @Override
    public void nack() {
      settle(config.requeueOnFail() ? new Taken(job) : null, Duration.ZERO);
    }

    @Override
    public void nack(boolean requeue, Duration delay) {
      settle(requeue ? new Taken(job) : null, delay);
    }

    @Override
    public void requeue(Map<String, List<String>> headers, Duration delay) {
      settle(new Taken(job.withHeaders(headers)), delay);
    }

    private void settle(@Nullable Taken again, Duration delay) {
      lock.lock();
      try {
        if (stopped) {
          throw PipelineFaults.stopped();
        }
        if (told) {
          throw PipelineFaults.settled();
        }
        told = true;
        inFlight--;
        // What comes again has its room: it may not find any.
        long change = again == null ? -size : again.size - size;
        held += change;
        room.give(-change);
        if (again != null) {
          add(again, delay);
        }
      } finally {
        lock.unlock();
      }
      feed();
    }
  }
}
