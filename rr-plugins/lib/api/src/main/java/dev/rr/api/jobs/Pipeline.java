package dev.rr.api.jobs;

import dev.rr.api.plugin.Deadline;
import java.util.List;

/**
 * One open pipeline. Any thread, many at once. Every method may block until its deadline, and ends
 * then with an exception; messages are for the client that asked.
 */
public interface Pipeline {
  /**
   * Puts jobs into the queue, in order, also while the pipeline is paused. Stops at the first that
   * fails; those before it stay.
   */
  void push(List<Job> jobs, Deadline deadline) throws Exception;

  /**
   * Begins to consume: from now on what arrives goes to the sink.
   *
   * @throws IllegalStateException when it consumes already
   */
  void resume(Deadline deadline) throws Exception;

  /**
   * Ends consuming; what the sink has is worked on.
   *
   * @throws IllegalStateException when it does not consume
   */
  void pause(Deadline deadline) throws Exception;

  /** How it is, as far as the broker tells. */
  PipelineState state(Deadline deadline) throws Exception;

  /**
   * Ends consuming and releases everything. Deliveries that are acknowledged later fail. May be
   * called twice.
   */
  void stop(Deadline deadline) throws Exception;
}
