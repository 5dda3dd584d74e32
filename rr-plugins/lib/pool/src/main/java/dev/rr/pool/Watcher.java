package dev.rr.pool;

import dev.rr.api.log.Log;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread that looks at the pool's clock: limits of workers, timeouts of tasks, the supervisor,
 * the allocator. One thread for all, because owners are blocked in the reads that it has to end.
 */
final class Watcher implements Runnable {
  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(200);

  private final String pool;
  private final Log log;
  private final Runnable tick;
  private final long period;
  private final CountDownLatch stop = new CountDownLatch(1);
  private @Nullable Thread thread;

  /**
   * A watcher; {@link #start} begins.
   *
   * @param shortestLimit the shortest time that it enforces
   * @param tick one look at everything, on the watcher's thread
   */
  Watcher(String pool, Log log, Duration shortestLimit, Runnable tick) {
    this.pool = pool;
    this.log = log;
    this.tick = tick;
    // A limit is enforced at most a twentieth too late.
    this.period = Math.clamp(shortestLimit.toNanos() / 20, SHORTEST, LONGEST);
  }

  void start() {
    Thread watcher = Thread.ofPlatform().daemon().name("rr-" + pool + "-watch").unstarted(this);
    thread = watcher;
    watcher.start();
  }

  void stop() throws InterruptedException {
    stop.countDown();
    Thread watcher = thread;
    if (watcher != null) {
      watcher.join(TimeUnit.SECONDS.toMillis(5));
    }
  }

  @Override
  public void run() {
    try {
      while (!stop.await(period, TimeUnit.NANOSECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      log.error("the pool's watcher was interrupted");
    }
  }

  private void look() {
    try {
      tick.run();
    } catch (RuntimeException e) {
      // A fault in one look must not end all further ones.
      log.log(Log.Level.ERROR, "the pool's watcher failed", e);
    }
  }
}
