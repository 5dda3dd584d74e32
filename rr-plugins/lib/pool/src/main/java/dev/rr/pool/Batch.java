package dev.rr.pool;

import dev.rr.api.worker.ExecException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Workers that are started together: all of them, or none. Any thread. */
final class Batch {
  private final CountDownLatch missing;
  private final AtomicReference<@Nullable ExecException> failure = new AtomicReference<>();

  Batch(int workers) {
    missing = new CountDownLatch(workers);
  }

  void opened() {
    missing.countDown();
  }

  void failed(ExecException error) {
    failure.compareAndSet(null, error);
    while (missing.getCount() > 0) {
      missing.countDown();
    }
  }

  /**
   * Waits for the last one to open or the first one to fail.
   *
   * @return the failure, or null when all are open
   */
  @Nullable ExecException await(long nanos) throws InterruptedException {
    if (!missing.await(nanos, TimeUnit.NANOSECONDS)) {
      return Errors.allocate("the workers were not ready in time");
    }
    return failure.get();
  }
}
