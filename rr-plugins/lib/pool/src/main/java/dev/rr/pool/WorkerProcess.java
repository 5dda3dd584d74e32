package dev.rr.pool;

import dev.rr.goridge.Relay;
import dev.rr.process.ProcessEnd;
import dev.rr.process.ProcessGroup;
import dev.rr.process.StderrReader;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process of one worker with its relay and its stderr, from its start to its end. The owner
 * starts it and waits for it; any thread may kill it, close its relay and ask for figures. The
 * system's own thread for process ends calls {@link #exited}.
 */
final class WorkerProcess {
  private static final long STDERR_WAIT_MILLIS = 500;

  private final PoolSettings settings;

  private volatile @Nullable Process process;
  private volatile @Nullable Relay relay;
  private volatile @Nullable StderrReader stderr;
  private volatile boolean exited;
  private volatile long exitedAt;
  private volatile boolean killed;
  private volatile long killedAt;

  WorkerProcess(PoolSettings settings) {
    this.settings = settings;
  }

  // ---- the owner's -------------------------------------------------------------------------

  /**
   * Starts the process and shakes hands. Blocks until then; {@link #kill} ends the wait.
   *
   * @param onExit called when the process has ended, on a thread of the system
   */
  Relay start(Relay.Buffers buffers, Runnable onExit) throws IOException, InterruptedException {
    Launcher launcher = settings.launcher().get();
    Process started = launcher.start();
    process = started;
    if (killed) {
      // The kill came before there was something to kill.
      ProcessGroup.kill(started);
    }
    stderr = StderrReader.start(settings.name(), started, settings.stderrLog());
    var unused = started.onExit().thenRun(() -> exited(started, onExit));
    Relay connected = launcher.connect(started, buffers);
    relay = connected;
    return connected;
  }

  private void exited(Process ended, Runnable onExit) {
    exitedAt = settings.now();
    exited = true;
    if (ended.exitValue() != 0) {
      // What a crashed worker leaves behind could hold its stdout, and with it the end of the
      // request.
      ProcessGroup.killGroup(ended);
    }
    onExit.run();
  }

  /**
   * Makes an end of a process that did not become a worker, and says why in a user's words.
   *
   * @param late whether it was killed because it took too long
   */
  String startFailure(IOException cause, boolean late) throws InterruptedException {
    Process started = process;
    if (started == null) {
      return text(cause);
    }
    // One that just closed its stdout gets the time to tell its exit code.
    if (!started.waitFor(200, TimeUnit.MILLISECONDS)) {
      ProcessGroup.kill(started);
      started.waitFor(5, TimeUnit.SECONDS);
    }
    String tail = stderrTail();
    if (late) {
      return Errors.spawnTimeout(settings.config().allocateTimeout()) + tail;
    }
    return StartFailure.explain(settings.launcher().get().command(), started, cause) + tail;
  }

  /** How it ended, after a second's wait for that, with what it said last. */
  String ending() throws InterruptedException {
    Process ending = process();
    boolean ignored = ending.waitFor(1, TimeUnit.SECONDS);
    return ProcessEnd.text(ending);
  }

  /** What it said last on stderr, ready to be appended to a message; or nothing. */
  String stderrTail() throws InterruptedException {
    StderrReader reader = stderr;
    if (reader == null) {
      return "";
    }
    reader.settle(STDERR_WAIT_MILLIS);
    String last = reader.lastLines();
    return last.isEmpty() ? "" : "; last lines on stderr: " + last;
  }

  void awaitEnd() throws InterruptedException {
    process().waitFor();
  }

  /**
   * Leaves nothing behind.
   *
   * @param withChildren whether children that a worker left on purpose are killed as well
   */
  void end(boolean withChildren) {
    Process started = process;
    if (started != null) {
      if (started.isAlive()) {
        ProcessGroup.kill(started);
      } else if (killed || withChildren || started.exitValue() != 0) {
        ProcessGroup.killGroup(started);
      }
    }
    closeRelay();
  }

  static String text(IOException cause) {
    return cause instanceof EOFException ? "EOF" : String.valueOf(cause.getMessage());
  }

  // ---- any thread --------------------------------------------------------------------------

  /** Kills the process and all it started. */
  void kill() {
    if (!killed) {
      killedAt = settings.now();
      killed = true;
      Process started = process;
      // One that is being started is killed by its owner, who looks at the flag after the start.
      if (started != null) {
        ProcessGroup.kill(started);
      }
    }
  }

  /**
   * Closes the relay of a process that is gone for a second. Something that outlived its group may
   * hold its stdout; the owner must not wait for that.
   */
  void closeIfGone(long now) {
    long second = PoolClock.SECOND;
    if (killed && now - killedAt > second || exited && now - exitedAt > second) {
      closeRelay();
    }
  }

  void closeRelay() {
    try {
      Relay open = relay;
      if (open != null) {
        open.close();
      }
    } catch (IOException gone) {
      // The other side closed first.
    }
  }

  boolean hasExited() {
    return exited;
  }

  boolean isAlive() {
    return process != null && !exited;
  }

  /** The process' number; 0 before the start. */
  long pid() {
    Process started = process;
    return started == null ? 0 : started.pid();
  }

  /** The process, once it was started. */
  Process process() {
    Process started = process;
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    return started;
  }
}
