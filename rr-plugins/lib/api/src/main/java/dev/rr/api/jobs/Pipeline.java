package dev.rr.api.jobs;

import dev.rr.api.plugin.Deadline;
import java.util.List;

/**
 * One open pipeline. Any thread, many at once. Every method may block until its deadline, and ends
 * then with an exception; messages are for the client that asked, an {@link
 * dev.rr.api.error.OperationException} where upstream's text names an operation.
 */
public interface Pipeline {
  /**
   * Puts jobs into the queue, in order, also while the pipeline is paused. Stops at the first that
   * fails; those before it stay. Their priorities are not 0.
   */
  void push(List<Job> jobs, Deadline deadline) throws Exception;

  /**
   * As {@link #push}, when it can be done at once: within microseconds, without waiting and I/O.
   *
   * @return false when none of them was taken; then they are pushed
   */
  default boolean offer(List<Job> jobs) {
    return false;
  }

  /**
   * Begins to consume: from now on what arrives goes to the sink.
   *
   * @throws IllegalStateException when it consumes already, see {@link PipelineFaults}
   */
  void resume(Deadline deadline) throws Exception;

  /**
   * Ends consuming, which may wait for a full sink; what the sink has is worked on.
   *
   * @throws IllegalStateException when it does not consume, see {@link PipelineFaults}
   */
  void pause(Deadline deadline) throws Exception;

  /** How it is, as far as the broker tells. */
  PipelineState state(Deadline deadline) throws Exception;

  /**
   * Ends consuming, gives the broker back what has no outcome yet, and releases everything.
   * Outcomes that are told later fail ({@link PipelineFaults#stopped}). May be called twice. The
   * sink takes nothing more by then, so whoever waits for it has been let go.
   */
  void stop(Deadline deadline) throws Exception;

  /**
   * As {@link #stop}, when the pipeline is to be opened again: what it would delete in the broker
   * at its end stays there.
   */
  default void release(Deadline deadline) throws Exception {
    stop(deadline);
  }

  /**
   * As {@link #stop}, when a client has destroyed the pipeline: what the broker keeps for it alone,
   * so that it goes on where it was, is deleted as well.
   */
  default void destroy(Deadline deadline) throws Exception {
    stop(deadline);
  }
}
