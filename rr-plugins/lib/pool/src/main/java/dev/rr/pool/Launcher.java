package dev.rr.pool;

import dev.rr.goridge.Relay;
import dev.rr.process.ProcessCommand;
import java.io.IOException;

/**
 * Starts worker processes and connects to them. Any thread; the relay is used by the calling
 * thread.
 */
public interface Launcher {
  /** What is started. */
  ProcessCommand command();

  /** Starts the process. */
  Process start() throws IOException;

  /**
   * Connects to a process that was just started, and shakes hands. Another thread ends the wait by
   * killing the process.
   *
   * @param buffers the relay's memory
   */
  Relay connect(Process process, Relay.Buffers buffers) throws IOException, InterruptedException;
}
