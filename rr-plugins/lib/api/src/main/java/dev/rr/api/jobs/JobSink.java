package dev.rr.api.jobs;

/**
 * Where a pipeline puts what has arrived: the queue of the plugin {@code jobs}, which is bounded in
 * number and in bytes. Any thread.
 *
 * <p>A job of priority 0 gets that of its pipeline here. One that says {@link
 * Job.Options#autoAck()} is acknowledged here as soon as it was taken, and its delivery hears of
 * nothing after that; should it come again, it is pushed anew. A driver whose upstream ignores the
 * option hands jobs over without it.
 */
public interface JobSink {
  /**
   * Hands a job over, which is worked on when it is its turn among those of all pipelines. Waits
   * while the queue is full; this is the back-pressure, so a driver reads no further meanwhile.
   *
   * @throws InterruptedException when the waiting thread is interrupted, as a stopping driver does
   *     to its own, or when the pipeline is being stopped; the delivery was not taken
   */
  void add(Delivery delivery) throws InterruptedException;

  /**
   * As {@link #add}, without waiting.
   *
   * @return false when the delivery was not taken
   */
  boolean offer(Delivery delivery);

  /**
   * Tells that the pipeline cannot go on by itself. It is stopped, and opened anew from the same
   * spec, again and again with growing pauses until that succeeds. Returns at once; the second call
   * does nothing.
   */
  void lost(Throwable cause);

  /**
   * Tells that the pipeline has come to its end. It is destroyed, as a client could do. Returns at
   * once.
   *
   * @param reason for the log
   */
  void ended(String reason);
}
