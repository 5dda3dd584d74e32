package dev.rr.plugin.service;

import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.util.List;

/**
 * The processes of a service, from their start to their stop; a restart makes another. Immutable
 * but for what becomes of them. Any thread.
 *
 * @param spec what it was started from
 * @param processes in the order of their start
 */
record RunningService(ServiceSpec spec, List<ServiceProcess> processes) {
  RunningService {
    processes = List.copyOf(processes);
  }

  /**
   * Starts all of them, one after the other.
   *
   * @throws IOException when one cannot be started; whoever called stops the others
   */
  void start() throws IOException, InterruptedException {
    for (ServiceProcess process : processes) {
      process.start();
    }
  }

  /** Asks all of them to end; returns at once. */
  void interrupt() {
    processes.forEach(ServiceProcess::interrupt);
  }

  /** Ends all of them side by side; whatever does not end in time is killed. */
  void stop(Deadline deadline) throws InterruptedException {
    interrupt();
    for (ServiceProcess process : processes) {
      process.awaitEnd(deadline);
    }
  }
}
