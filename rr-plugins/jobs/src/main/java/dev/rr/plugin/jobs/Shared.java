package dev.rr.plugin.jobs;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the parts of the plugin have in common. Any thread.
 *
 * @param timeout how long a driver may take
 * @param stopping open as long as the server works
 */
record Shared(
    Log log,
    JobsMetrics metrics,
    Traces traces,
    JobQueue queue,
    Duration timeout,
    CountDownLatch stopping) {
  Shared(Log log, Traces traces, JobQueue queue, Duration timeout) {
    this(log, new JobsMetrics(), traces, queue, timeout, new CountDownLatch(1));
  }

  /** When a driver has to be done with what it is asked now. */
  Deadline deadline() {
    return Deadline.after(timeout);
  }

  /** Waits, and no longer than the server works. */
  void pause(Duration pause) {
    try {
      boolean ignored = stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
