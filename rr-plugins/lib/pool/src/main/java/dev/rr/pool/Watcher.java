package dev.rr.pool;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread that looks at the pool's clock: limits of workers, patience of tasks, the supervisor,
 * the allocator.
 */
final class Watcher implements Runnable {
  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(200);

  private final WorkerPool pool;
  private final long period;
  private final CountDownLatch stop = new CountDownLatch(1);
  private @Nullable Thread thread;

  Watcher(WorkerPool pool, Duration shortestLimit) {
    this.pool = pool;
    this.period = Math.clamp(shortestLimit.toNanos() / 20, SHORTEST, LONGEST);
  }

  void start() {
    Thread watcher =
        Thread.ofPlatform().daemon().name("rr-" + pool.name() + "-watch").unstarted(this);
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
        tick();
      }
    } catch (InterruptedException e) {
      pool.log().error("the pool's watcher was interrupted");
    }
  }

  private void tick() {
    try {
      pool.tick();
    } catch (RuntimeException e) {
      // A fault in one look must not end all further ones.
      pool.log().log(dev.rr.api.log.Log.Level.ERROR, "the pool's watcher failed", e);
    }
  }
}
