package dev.rr.api.jobs;

/** Where a pipeline puts what has arrived: the queue of the plugin {@code jobs}. Any thread. */
public interface JobSink {
  /**
   * Hands a job over, which is worked on when it is its turn among those of all pipelines. Waits
   * while the queue is full; this is the back-pressure, so a driver reads no further meanwhile.
   *
   * @throws InterruptedException when the waiting thread is interrupted, as a stopping driver does
   *     to its own; the delivery was not taken
   */
  void add(Delivery delivery) throws InterruptedException;

  /**
   * Tells that the pipeline cannot go on by itself. It is stopped, and opened anew from the same
   * spec. Returns at once; the second call does nothing.
   */
  void lost(Throwable cause);
}
