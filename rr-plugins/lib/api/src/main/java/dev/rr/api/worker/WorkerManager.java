package dev.rr.api.worker;

import dev.rr.annotation.Contract;
import java.util.List;

/**
 * Workers of a plugin that can be listed, added and removed. Any thread, also before the plugin has
 * started, when there are none and nothing can be done to them.
 */
@Contract
public interface WorkerManager {
  /** The workers as they are now. */
  List<WorkerSnapshot> workers();

  /** Payloads that wait for a worker; 0 where nothing can wait. */
  default int queued() {
    return 0;
  }

  /** Starts one more worker. */
  void addWorker() throws InterruptedException;

  /** Stops one worker. */
  void removeWorker() throws InterruptedException;
}
