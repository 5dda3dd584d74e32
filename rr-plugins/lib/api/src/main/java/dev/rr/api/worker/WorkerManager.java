package dev.rr.api.worker;

import dev.rr.annotation.Contract;
import java.util.List;

/** A plugin whose workers can be listed, added and removed. Any thread. */
@Contract
public interface WorkerManager {
  /** The workers as they are now; empty before the plugin has started. */
  List<WorkerSnapshot> workers();

  /** Starts one more worker. */
  void addWorker() throws InterruptedException;

  /** Stops one worker. */
  void removeWorker() throws InterruptedException;
}
