package dev.rr.plugin.jobs;

import dev.rr.api.error.OperationException;
import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.JobsDriver;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineFaults;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.log.Log;
import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.plugin.Deadline;
import dev.rr.plugin.jobs.JobsConfig.DeadLetter;
import dev.rr.plugin.jobs.JobsMetrics.Pushes;
import dev.rr.plugin.jobs.JobsMetrics.Way;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline from its registration to its end: opened by its driver, opened again when that has
 * lost it. Whoever pushes meanwhile waits. Any thread.
 */
final class ManagedPipeline {
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final PipelineSpec spec;
  private final JobsConfig.Keys keys;
  private final JobsDriver opener;
  private final Intake intake;
  private final Shared shared;
  private final Failures failures = new Failures();
  private final Pushes single = new Pushes();
  private final Pushes batch = new Pushes();
  private final CountDownLatch end = new CountDownLatch(1);

  // One opens, pauses, resumes or stops it at a time.
  private final ReentrantLock life = new ReentrantLock();
  private final Condition opened = life.newCondition();
  // Written under the lock.
  private volatile @Nullable Pipeline current;
  private volatile boolean closed;
  private @Nullable Sink sink;
  private boolean consumes;

  /** Where arrived jobs go. */
  interface Intake {
    /**
     * The pool that works on a job of the pipeline; empty when the job asks for one that is not
     * there.
     */
    Optional<String> pool(Job job, ManagedPipeline pipeline);

    /** A job was queued for a pool. */
    void queued(String pool);

    /** The pipeline is to be destroyed. */
    void ended(ManagedPipeline pipeline, String reason);
  }

  /**
   * A pipeline that is registered, and not open.
   *
   * @param opener its driver
   */
  ManagedPipeline(
      PipelineSpec spec, JobsConfig.Keys keys, JobsDriver opener, Intake intake, Shared shared) {
    this.spec = spec;
    this.keys = keys;
    this.opener = opener;
    this.intake = intake;
    this.shared = shared;
  }

  String name() {
    return spec.name();
  }

  String driver() {
    return keys.driver();
  }

  long priority() {
    return spec.priority();
  }

  /** The pool that works on its jobs; empty where it does not say. */
  String pool() {
    return keys.pool();
  }

  Optional<DeadLetter> deadLetter() {
    return keys.deadletter();
  }

  boolean hasDeadLetter() {
    return keys.deadletter().isPresent();
  }

  Failures failures() {
    return failures;
  }

  Pushes pushes(Way way) {
    return way == Way.SINGLE ? single : batch;
  }

  void collect(MetricsSink to) {
    for (Way way : Way.values()) {
      pushes(way).collect(to, driver(), name(), way);
    }
  }

  // ---- its life --------------------------------------------------------------------------------

  /** Has the driver open it, and consume when it is to do so. May take its time. */
  void open(boolean consume) throws Exception {
    long begun = System.nanoTime();
    life.lockInterruptibly();
    try {
      consumes = consume || consumes;
      log(Log.Level.DEBUG, "initializing driver", begun);
      openAgain();
      log(Log.Level.DEBUG, "driver ready", begun);
      if (consumes) {
        log(Log.Level.DEBUG, "pipeline was started", begun);
      }
    } finally {
      life.unlock();
    }
  }

  // Under the lock.
  private void openAgain() throws Exception {
    Sink made = new Sink();
    Pipeline pipeline = null;
    try {
      refuseClosed();
      pipeline = opener.open(spec, made);
      if (consumes) {
        pipeline.resume(shared.deadline());
      }
      // Whoever stopped it meanwhile has waited for this only as long as it could.
      refuseClosed();
    } catch (Exception e) {
      closeAfter(e, pipeline, made);
      throw e;
    }
    sink = made;
    current = pipeline;
    opened.signalAll();
  }

  private void refuseClosed() {
    if (closed) {
      throw new IllegalStateException("the pipeline was stopped while it was opened: " + name());
    }
  }

  private void closeAfter(Exception failure, @Nullable Pipeline pipeline, Sink made) {
    made.over.set(true);
    int ignored = shared.queue().close(made);
    try {
      if (pipeline != null) {
        pipeline.stop(Deadline.after(LONGEST_STOP));
      }
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }

  void pause(Deadline deadline) throws Exception {
    long begun = System.nanoTime();
    lock(deadline);
    try {
      Pipeline pipeline = current;
      if (pipeline != null) {
        pipeline.pause(deadline);
      } else if (!consumes) {
        throw PipelineFaults.notActive();
      }
      consumes = false;
      log(Log.Level.DEBUG, "pipeline was paused", begun);
    } finally {
      life.unlock();
    }
  }

  void resume(Deadline deadline) throws Exception {
    long begun = System.nanoTime();
    lock(deadline);
    try {
      Pipeline pipeline = await(deadline);
      pipeline.resume(deadline);
      consumes = true;
      log(Log.Level.DEBUG, "pipeline was resumed", begun);
    } finally {
      life.unlock();
    }
  }

  /** Ends consuming, if it does, because the server stops. */
  void quiesce(Deadline deadline) throws Exception {
    lock(deadline);
    try {
      Pipeline pipeline = current;
      if (pipeline != null && consumes) {
        pipeline.pause(deadline);
      }
      consumes = false;
    } finally {
      life.unlock();
    }
  }

  /** Ends it for good; a second call does nothing. */
  void stop(Deadline deadline) throws Exception {
    long begun = System.nanoTime();
    closed = true;
    end.countDown();
    lock(deadline);
    try {
      Pipeline pipeline = current;
      current = null;
      opened.signalAll();
      Sink made = sink;
      if (made != null) {
        int ignored = shared.queue().close(made);
      }
      if (pipeline != null) {
        pipeline.stop(deadline);
        log(Log.Level.DEBUG, "pipeline was stopped", begun);
      }
    } finally {
      life.unlock();
    }
  }

  private void restart(Sink lost, Throwable cause) {
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      try {
        if (restarted(lost, cause)) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        if (closed) {
          return;
        }
        shared.log().log(
            Log.Level.WARN,
            "failed to restart the pipeline, tries again",
            e,
            "pipeline",
            name(),
            "pause",
            pause.toSeconds() + "s");
      }
      if (endsWithin(pause)) {
        return;
      }
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
  }

  private boolean endsWithin(Duration pause) {
    try {
      return end.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Whether nothing is left to do. */
  private boolean restarted(Sink lost, Throwable cause) throws Exception {
    life.lockInterruptibly();
    try {
      if (closed) {
        return true;
      }
      if (sink == lost) {
        close(lost, cause);
      }
      if (sink == null) {
        openAgain();
        shared.log().info("pipeline was restarted", "pipeline", name(), "driver", driver());
      }
      return true;
    } finally {
      life.unlock();
    }
  }

  // Under the lock.
  private void close(Sink lost, Throwable cause) {
    shared.log().log(
        Log.Level.WARN,
        "the pipeline cannot go on, it is restarted",
        cause,
        "pipeline",
        name(),
        "driver",
        driver());
    Pipeline old = current;
    current = null;
    sink = null;
    int ignored = shared.queue().close(lost);
    try {
      if (old != null) {
        old.stop(Deadline.after(LONGEST_STOP));
      }
    } catch (Exception e) {
      shared.log().log(Log.Level.WARN, "stop job driver", e, "pipeline", name());
    }
  }

  private void lock(Deadline deadline) throws Exception {
    if (!life.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new IllegalStateException("context deadline exceeded");
    }
  }

  private void log(Log.Level level, String message, long begun) {
    shared.log().log(
        level,
        message,
        null,
        "driver",
        driver(),
        "pipeline",
        name(),
        "elapsed",
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
  }

  // ---- its jobs --------------------------------------------------------------------------------

  /** As {@link Pipeline#offer}; false as well while it is not open. */
  boolean offer(List<Job> jobs) {
    Pipeline pipeline = current;
    return pipeline != null && pipeline.offer(jobs);
  }

  /** As {@link Pipeline#push}; waits for it to be open. */
  void push(List<Job> jobs, Deadline deadline) throws Exception {
    Pipeline pipeline = current;
    if (pipeline == null) {
      lock(deadline);
      try {
        pipeline = await(deadline);
      } finally {
        life.unlock();
      }
    }
    pipeline.push(jobs, deadline);
  }

  // Under the lock, which it leaves while it waits.
  private Pipeline await(Deadline deadline) throws Exception {
    while (current == null && !closed) {
      long left = deadline.remaining().toNanos();
      if (left == 0) {
        break;
      }
      long ignored = opened.awaitNanos(left);
    }
    Pipeline pipeline = current;
    if (pipeline == null) {
      throw new IllegalStateException(
          "consumer not registered for the requested driver: " + driver());
    }
    return pipeline;
  }

  /** How it is; one that cannot tell has the reason. */
  PipelineState state(Deadline deadline) {
    Pipeline pipeline = current;
    if (pipeline == null) {
      return PipelineState.unknown(name(), driver(), priority(), "the pipeline is not open");
    }
    try {
      return pipeline.state(deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return PipelineState.unknown(name(), driver(), priority(), "interrupted");
    } catch (Exception e) {
      String message = OperationException.within("jobs_plugin_drivers_state", e).getMessage();
      return PipelineState.unknown(name(), driver(), priority(), String.valueOf(message));
    }
  }

  /** Takes jobs of one opening of the pipeline; the next has another. */
  private final class Sink extends QueuedJob.Source implements JobSink {
    private final AtomicBoolean over = new AtomicBoolean();

    Sink() {
      super(ManagedPipeline.this);
    }

    @Override
    public void add(Delivery delivery) throws InterruptedException {
      QueuedJob job = queued(delivery);
      if (job != null) {
        shared.queue().add(job);
        taken(job, delivery, true);
      }
    }

    @Override
    public boolean offer(Delivery delivery) {
      QueuedJob job = queued(delivery);
      if (job == null) {
        return true;
      }
      boolean room = shared.queue().offer(job);
      if (room) {
        taken(job, delivery, delivery.quick());
      }
      return room;
    }

    /** Null when it was refused. */
    private @Nullable QueuedJob queued(Delivery delivery) {
      Job job = delivery.job();
      Optional<String> pool = intake.pool(job, ManagedPipeline.this);
      if (pool.isEmpty()) {
        shared.log().error("invalid worker pool name", "ID", job.id(), "pipeline", name());
        refuse(delivery);
        return null;
      }
      long own = job.options().priority();
      Delivery told =
          job.options().autoAck()
              ? new AutoAcknowledged(delivery, ManagedPipeline.this, shared)
              : delivery;
      return new QueuedJob(told, this, pool.get(), own == 0 ? priority() : own);
    }

    private void refuse(Delivery delivery) {
      shared.metrics().failed.increment();
      later(
          "rr-jobs-refuse",
          delivery,
          () -> {
            shared.pause(failures.one());
            delivery.nack();
          });
    }

    private void taken(QueuedJob job, Delivery delivery, boolean mayWait) {
      if (delivery.job().options().autoAck()) {
        if (mayWait) {
          acknowledge(delivery);
        } else {
          later("rr-jobs-ack", delivery, delivery::ack);
        }
      }
      intake.queued(job.pool);
    }

    private void acknowledge(Delivery delivery) {
      try {
        delivery.ack();
      } catch (Exception e) {
        notTold(delivery, e);
      }
    }

    private void later(String thread, Delivery delivery, Step step) {
      Thread.ofVirtual()
          .name(thread)
          .start(() -> {
            try {
              step.run();
            } catch (Exception e) {
              notTold(delivery, e);
            }
          });
    }

    private void notTold(Delivery delivery, Exception fault) {
      shared.log().log(Log.Level.ERROR, "acknowledge failed", fault, "ID", delivery.job().id());
    }

    @Override
    public void lost(Throwable cause) {
      if (over.compareAndSet(false, true) && !closed) {
        Thread.ofVirtual().name("rr-jobs-restart").start(() -> restart(this, cause));
      }
    }

    @Override
    public void ended(String reason) {
      if (over.compareAndSet(false, true) && !closed) {
        Thread.ofVirtual()
            .name("rr-jobs-end")
            .start(() -> intake.ended(ManagedPipeline.this, reason));
      }
    }
  }

  /** What may fail. */
  private interface Step {
    void run() throws Exception;
  }
}
