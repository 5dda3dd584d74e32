package dev.rr.plugin.jobs;

import dev.rr.api.config.Section;
import dev.rr.api.error.OperationException;
import dev.rr.api.jobs.Attempts;
import dev.rr.api.jobs.Job;
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
  private final CommonParts common = new CommonParts();
  private final Pushes single = new Pushes();
  private final Pushes batch = new Pushes();
  private final CountDownLatch end = new CountDownLatch(1);

  // One opens, pauses, resumes or stops it at a time.
  private final ReentrantLock life = new ReentrantLock();
  private final Condition opened = life.newCondition();
  // Written under the lock.
  private volatile @Nullable Pipeline current;
  private volatile boolean closed;
  private PipelineSink sink;
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
    this.sink = new PipelineSink(this, intake, shared);
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

  /** Its keys, for problems with them. */
  Section section() {
    return spec.config();
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

  CommonParts common() {
    return common;
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
    Pipeline pipeline = null;
    try {
      refuseClosed();
      pipeline = opener.open(spec, sink);
      if (consumes) {
        pipeline.resume(shared.deadline());
      }
      // Whoever stopped it meanwhile has waited for this only as long as it could.
      refuseClosed();
    } catch (Exception e) {
      closeAfter(e, pipeline);
      throw e;
    }
    current = pipeline;
    opened.signalAll();
  }

  private void refuseClosed() {
    if (closed) {
      throw new IllegalStateException("the pipeline was stopped while it was opened: " + name());
    }
  }

  // Under the lock.
  private void closeAfter(Exception failure, @Nullable Pipeline pipeline) {
    Deadline deadline = Deadline.after(LONGEST_STOP);
    try {
      if (closed) {
        close(pipeline, Pipeline::stop, deadline);
      } else {
        release(pipeline, deadline);
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
    end(Pipeline::stop, deadline);
  }

  /** As {@link #stop}, when it is not to be there after the next start either. */
  void destroy(Deadline deadline) throws Exception {
    end(Pipeline::destroy, deadline);
  }

  /** How an open pipeline ends. */
  private interface Ending {
    void of(Pipeline pipeline, Deadline deadline) throws Exception;
  }

  private void end(Ending ending, Deadline deadline) throws Exception {
    long begun = System.nanoTime();
    closed = true;
    end.countDown();
    lock(deadline);
    try {
      Pipeline pipeline = current;
      current = null;
      opened.signalAll();
      close(pipeline, ending, deadline);
      if (pipeline != null) {
        log(Log.Level.DEBUG, "pipeline was stopped", begun);
      }
    } finally {
      life.unlock();
    }
  }

  // Under the lock.
  private void close(@Nullable Pipeline pipeline, Ending ending, Deadline deadline)
      throws Exception {
    pushAgain(sink.close(), pipeline, deadline);
    if (pipeline != null) {
      ending.of(pipeline, deadline);
    }
  }

  // Under the lock.
  private void release(@Nullable Pipeline pipeline, Deadline deadline) throws Exception {
    sink = sink.next();
    if (pipeline != null) {
      pipeline.release(deadline);
    }
  }

  /** Jobs that were acknowledged on arrival are in no broker; they are pushed as new ones. */
  private void pushAgain(List<QueuedJob> left, @Nullable Pipeline to, Deadline deadline) {
    List<Job> jobs =
        left.stream()
            .map(job -> job.delivery)
            .filter(AutoAcknowledged.class::isInstance)
            .map(AutoAcknowledged::undelayed)
            .toList();
    if (jobs.isEmpty()) {
      return;
    }
    try {
      if (to == null) {
        throw new IllegalStateException("the pipeline is not open");
      }
      // The pipeline needs the rest to stop.
      to.push(jobs, Deadline.after(deadline.remaining().dividedBy(2)));
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      shared.log().log(
          Log.Level.ERROR,
          "jobs that were acknowledged on arrival are lost",
          e,
          "pipeline",
          name(),
          "jobs",
          jobs.size());
    }
  }

  /** A driver has lost it. */
  void lost(PipelineSink lost, Throwable cause) {
    if (!closed) {
      Thread.ofVirtual().name("rr-jobs-restart").start(() -> restart(lost, cause));
    }
  }

  /** It has come to its end by itself. */
  void ended(String reason) {
    if (!closed) {
      Thread.ofVirtual().name("rr-jobs-end").start(() -> intake.ended(this, reason));
    }
  }

  private void restart(PipelineSink lost, Throwable cause) {
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
      pause = Attempts.longer(pause, LONGEST_PAUSE);
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
  private boolean restarted(PipelineSink lost, Throwable cause) throws Exception {
    life.lockInterruptibly();
    try {
      if (closed) {
        return true;
      }
      if (sink == lost) {
        closeLost(cause);
      }
      if (current == null) {
        openAgain();
        shared.log().info("pipeline was restarted", "pipeline", name(), "driver", driver());
      }
      return true;
    } finally {
      life.unlock();
    }
  }

  // Under the lock.
  private void closeLost(Throwable cause) {
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
    try {
      release(old, Deadline.after(LONGEST_STOP));
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
}
