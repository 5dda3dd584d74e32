package dev.rr.api.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A job that has arrived and waits for its outcome, which exactly one of the four methods tells,
 * once, also when that fails: the driver brings the job again then, and refuses a second outcome
 * ({@link PipelineFaults#settled}). Any thread; they may block as long as the driver's own timeouts
 * allow. What each means to a broker is the driver's to say.
 */
public interface Delivery {
  /** The job. */
  Job job();

  /** The name of the broker's queue, as a worker is told; empty when it has none. */
  String queue();

  /**
   * The pipeline that the job was pushed to, as a worker is told, where the broker keeps that and
   * it may be another; empty for the one that handed it over.
   */
  default String pipeline() {
    return "";
  }

  /** Where it came from, as a worker is told, where the broker keeps logs. */
  default Job.LogPlace place() {
    return Job.LogPlace.NONE;
  }

  /**
   * Whether every outcome is told within microseconds: it changes memory, and neither waits nor
   * does I/O. It is told on the worker's own thread then, without another.
   */
  default boolean quick() {
    return false;
  }

  /**
   * Whether the broker has it back and brings it again, for example because the connection that it
   * came over is gone. It is dropped then where it waits, without an outcome. Asked just before a
   * worker would get it; must not wait.
   */
  default boolean stale() {
    return false;
  }

  /**
   * It is done.
   *
   * @throws Exception when the broker does not take it, or the pipeline has stopped
   */
  void ack() throws Exception;

  /**
   * Nobody could work on it: the worker died or was not there. The driver's own rule decides. While
   * this goes on it is called after a pause, so a driver need not make one.
   */
  void nack() throws Exception;

  /**
   * The worker gave it back.
   *
   * @param requeue whether it is to come again, else it is dropped
   * @param delay before it comes again
   */
  void nack(boolean requeue, Duration delay) throws Exception;

  /**
   * The worker wants it to come again, changed.
   *
   * @param headers replace those of the same names; the others stay, as {@link Job#withHeaders} has
   *     it
   * @param delay before it comes again
   */
  void requeue(Map<String, List<String>> headers, Duration delay) throws Exception;
}
