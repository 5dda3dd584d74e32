package dev.rr.plugin.lock;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.EssentialThreads;
import dev.rr.api.rpc.RpcCall;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The locks of this process. Any thread; each method takes microseconds, and whoever waits for a
 * lock holds no thread. One thread ends what is over.
 */
final class Locks {
  /** How many are ended before others get their turn. */
  private static final int BATCH = 1_000;

  private static final CompletableFuture<Boolean> YES = CompletableFuture.completedFuture(true);
  private static final CompletableFuture<Boolean> NO = CompletableFuture.completedFuture(false);

  private final LockTable table;
  private final LongSupplier clock;

  // Under this object's monitor, as the table is.
  private @Nullable Thread timer;
  private long wakes;
  private boolean stopped;

  /**
   * No locks yet.
   *
   * @param limit how many bytes they may take, about
   * @param clock nanoseconds, from any moment on
   */
  Locks(long limit, LongSupplier clock) {
    this.table = new LockTable(limit);
    this.clock = clock;
  }

  synchronized void start() {
    Thread made =
        EssentialThreads.untilStopped(
                Thread.ofPlatform().daemon().name("rr-lock-timer").factory(), this::isStopped)
            .newThread(this::expire);
    timer = made;
    made.start();
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  /** On the timer's thread. */
  private void expire() {
    while (true) {
      long sleep;
      synchronized (this) {
        if (stopped) {
          return;
        }
        table.expire(clock.getAsLong(), BATCH);
        wakes = table.nextEnd();
        sleep = wakes - clock.getAsLong();
      }
      if (sleep > 0) {
        LockSupport.parkNanos(sleep);
      }
    }
  }

  /** Wakes the timer when something ends before it would look. */
  private void changed() {
    if (timer != null && table.nextEnd() < wakes) {
      wakes = table.nextEnd();
      LockSupport.unpark(timer);
    }
  }

  /**
   * Takes a lock, and waits for it when somebody else has it.
   *
   * @param ttl for how long, in nanoseconds
   * @param wait how long to wait; a caller that leaves waits no longer
   * @return tells whether it was obtained, when that is known, on the thread that brought it about;
   *     what depends on it takes microseconds
   * @throws IllegalStateException when there are too many
   */
  CompletableFuture<Boolean> lock(
      String resource, String id, boolean exclusive, long ttl, long wait, RpcCall call) {
    Claim claim;
    synchronized (this) {
      if (stopped || call.left()) {
        return NO;
      }
      claim = table.ask(resource, id, exclusive, ttl, wait, clock.getAsLong());
      changed();
    }
    CompletableFuture<Boolean> answer = claim.answer();
    if (answer == null) {
      return YES;
    }
    call.onLeave(() -> abandon(claim));
    return answer;
  }

  private synchronized void abandon(Claim claim) {
    if (!stopped) {
      table.abandon(claim, clock.getAsLong());
      changed();
    }
  }

  /** Gives a lock back. */
  synchronized Released release(String resource, String id) {
    if (table.isOthers(resource, id)) {
      return Released.OTHERS;
    }
    boolean released = table.release(resource, id, clock.getAsLong());
    changed();
    return released ? Released.YES : Released.UNKNOWN;
  }

  /** What became of a lock that was to be given back. */
  enum Released {
    YES,
    UNKNOWN,
    OTHERS
  }

  /** Takes a resource away from all who hold it; tells whether it is known to have been locked. */
  synchronized boolean forceRelease(String resource) {
    boolean known = table.forceRelease(resource, clock.getAsLong());
    changed();
    return known;
  }

  /** Whether an id holds a resource, or {@code *}: anybody. */
  synchronized boolean exists(String resource, String id) {
    return table.exists(resource, id);
  }

  /** Has a lock end {@code ttl} nanoseconds from now; tells whether the id holds it. */
  synchronized boolean updateTtl(String resource, String id, long ttl) {
    boolean updated = table.updateTtl(resource, id, ttl, clock.getAsLong());
    changed();
    return updated;
  }

  /** Whether a resource is known to have been locked. */
  synchronized boolean isKnown(String resource) {
    return table.isKnown(resource);
  }

  /** Resources that are locked now. */
  synchronized int locked() {
    return table.locked();
  }

  /** Claims that are held or wait. */
  synchronized int size() {
    return table.size();
  }

  /** Ends every lock and all waiting, and gives no more. A second call does nothing. */
  void stop(Deadline deadline) throws InterruptedException {
    Thread running;
    synchronized (this) {
      stopped = true;
      table.clear();
      running = timer;
    }
    if (running != null) {
      LockSupport.unpark(running);
      running.join(deadline.remaining().plusMillis(1));
    }
  }
}
