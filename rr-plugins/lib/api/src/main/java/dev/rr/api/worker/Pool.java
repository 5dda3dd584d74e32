package dev.rr.api.worker;

import dev.rr.api.health.Health;
import dev.rr.api.health.HealthCheck;
import dev.rr.api.plugin.Deadline;
import java.util.List;

/**
 * A pool of worker processes. Each worker belongs to one thread, its owner, which alone touches its
 * relay; payloads reach owners through one bounded first-in first-out queue. Any thread may call
 * any method.
 *
 * <p>A plugin makes its pool in its constructor, offers it by an {@code @Offers} method, so that it
 * is listed, reset and asked how it is like any other, and starts and stops it with itself.
 */
public interface Pool extends WorkerManager, Resetter, HealthCheck {
  /**
   * Starts the workers and returns when all are ready. Once.
   *
   * @throws ExecException of kind {@code WORKER_ALLOCATE} when one cannot be started; the others
   *     are gone then
   */
  void start() throws InterruptedException;

  /**
   * Hands a payload to the next free worker. Never blocks. Every call ends in exactly one of: a
   * last frame on {@code reply}, or {@link Reply#failed}. Not before {@link #start}.
   *
   * @return lets the caller give up
   */
  Execution exec(Payload payload, Reply reply);

  /** The workers as they are now, by pid. Empty in debug mode and before {@link #start}. */
  @Override
  List<WorkerSnapshot> workers();

  /** Well while any worker is ready or working. */
  @Override
  default Health live() {
    return Health.of(workers().stream().anyMatch(w -> w.isReady() || w.isWorking()));
  }

  /** Well while any worker is ready; not while all of them work. */
  @Override
  default Health ready() {
    return Health.of(workers().stream().anyMatch(WorkerSnapshot::isReady));
  }

  /** Starts one more worker and keeps it. A warning and nothing else in debug mode. */
  @Override
  void addWorker() throws InterruptedException;

  /** Stops one worker for good; a warning and nothing else for the last one and in debug mode. */
  @Override
  void removeWorker() throws InterruptedException;

  /**
   * Replaces every worker without a gap: new ones are ready before old ones leave, and a hung
   * request delays neither.
   *
   * @throws ExecException when the new workers cannot be started; the old ones stay in service
   */
  @Override
  void reset() throws InterruptedException;

  /**
   * Refuses new payloads, lets running ones finish until the deadline, then stops every worker.
   * Idempotent.
   */
  void stop(Deadline deadline) throws InterruptedException;

  /** One payload that was handed over. */
  interface Execution {
    /**
     * Gives up. A payload still queued leaves the queue and {@link Reply#failed} is called; a
     * running stream is asked to stop. A running single answer is awaited and dropped.
     */
    void cancel();
  }
}
