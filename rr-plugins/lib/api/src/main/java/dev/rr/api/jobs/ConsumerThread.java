package dev.rr.api.jobs;

import dev.rr.api.plugin.Deadline;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a driver that reads from its broker in a loop: begun by {@link Pipeline#resume},
 * ended by an interrupt in {@link Pipeline#pause} and {@link Pipeline#stop}. Any thread.
 */
public final class ConsumerThread {
  private final String name;
  private final String driver;
  private final Loop loop;
  private final Consumer<Throwable> lost;
  private volatile @Nullable Thread thread;

  /** Reads and hands over until it is interrupted. */
  @FunctionalInterface
  public interface Loop {
    /**
     * Runs as long as the pipeline consumes.
     *
     * @throws InterruptedException when it is to end; any other exception ends the pipeline
     */
    void run() throws Exception;
  }

  /**
   * A thread that does not run yet.
   *
   * @param pipeline whose thread it is, for its name
   * @param driver the driver's name, for the thread's name and messages
   * @param lost is told what ended the loop that was not to end, as {@link JobSink#lost}
   */
  public ConsumerThread(String driver, String pipeline, Loop loop, Consumer<Throwable> lost) {
    this.name = "rr-" + driver + "-" + pipeline;
    this.driver = driver;
    this.loop = loop;
    this.lost = lost;
  }

  /**
   * Begins.
   *
   * @throws IllegalStateException when it runs
   */
  public synchronized void resume() {
    if (thread != null) {
      throw PipelineFaults.active(driver);
    }
    thread = Thread.ofVirtual().name(name).start(this::run);
  }

  private void run() {
    try {
      loop.run();
    } catch (InterruptedException end) {
      // Paused or stopped.
    } catch (Exception e) {
      if (!Thread.currentThread().isInterrupted()) {
        lost.accept(e);
      }
    }
  }

  /**
   * Ends it, and returns when it has ended.
   *
   * @throws IllegalStateException when it does not run
   * @throws TimeoutException when it goes on past the deadline; it was told to end, and nothing
   *     waits for it any more
   */
  public synchronized void pause(Deadline deadline) throws InterruptedException, TimeoutException {
    Thread running = thread;
    if (running == null) {
      throw PipelineFaults.notActive();
    }
    thread = null;
    running.interrupt();
    if (!running.join(deadline.remaining())) {
      throw new TimeoutException(name + " does not end");
    }
  }

  /** As {@link #pause}, and nothing when it does not run. */
  public synchronized void stop(Deadline deadline) throws InterruptedException, TimeoutException {
    if (thread != null) {
      pause(deadline);
    }
  }

  /** Whether it was begun and not ended. */
  public boolean active() {
    return thread != null;
  }
}
