package dev.rr.api.jobs;

import dev.rr.annotation.Key;

/**
 * A pipeline at one moment, named as {@code informer.Jobs} answers.
 *
 * @param pipeline its name
 * @param driver its driver's name
 * @param queue the name of the broker's queue, where there is one
 * @param active jobs waiting in the broker
 * @param delayed jobs that are not due yet
 * @param reserved jobs taken by this server and not finished
 * @param ready whether it is consuming
 * @param priority its priority
 * @param errorMessage why its state is not known; else empty
 */
public record PipelineState(
    @Key(name = "Pipeline") String pipeline,
    @Key(name = "Driver") String driver,
    @Key(name = "Queue") String queue,
    @Key(name = "Active") long active,
    @Key(name = "Delayed") long delayed,
    @Key(name = "Reserved") long reserved,
    @Key(name = "Ready") boolean ready,
    @Key(name = "Priority") long priority,
    @Key(name = "ErrorMessage") String errorMessage) {
  /** One whose broker does not tell how it is. */
  public static PipelineState unknown(
      String pipeline, String driver, long priority, String errorMessage) {
    return new PipelineState(pipeline, driver, "", 0, 0, 0, false, priority, errorMessage);
  }
}
