package dev.rr.pool;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who works in a pool: starting, replacing, adding, removing and sending home. Any thread; one
 * lock.
 */
final class Crew {
  private static final int MOST = 2048;
  private static final int MOST_SINGLE = 64;

  private final WorkerPool pool;
  private final TaskQueue queue;
  // One reset, addition or removal at a time; never taken by a worker.
  private final ReentrantLock management = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Worker> members = new LinkedHashSet<>();
  private int wanted;
  private int generation;
  private int numbers;

  Crew(WorkerPool pool, TaskQueue queue) {
    this.pool = pool;
    this.queue = queue;
  }

  void start(int workers) throws InterruptedException {
    Batch batch = new Batch(workers);
    lock.lock();
    try {
      wanted = workers;
      for (int i = 0; i < workers; i++) {
        hire(false, false, generation, 0, batch);
      }
    } finally {
      lock.unlock();
    }
    ExecException failure = batch.await(patience());
    if (failure != null) {
      throw failure;
    }
  }

  void add() throws InterruptedException {
    management.lock();
    try {
      Batch batch = new Batch(1);
      lock.lock();
      try {
        if (active().size() >= MOST) {
          throw Errors.allocate("container is full, maximum number of workers reached");
        }
        hire(false, false, generation, 0, batch);
      } finally {
        lock.unlock();
      }
      ExecException failure = batch.await(patience());
      if (failure != null) {
        throw failure;
      }
      lock.lock();
      try {
        wanted++;
      } finally {
        lock.unlock();
      }
    } finally {
      management.unlock();
    }
  }

  /** Lets one leave for good, an idle one if there is one; false when it would be the last. */
  boolean remove() {
    management.lock();
    lock.lock();
    try {
      List<Worker> active = active();
      if (active.size() <= 1) {
        return false;
      }
      Worker leaver =
          active.stream()
              .filter(w -> w.state() == State.READY)
              .findFirst()
              .orElseGet(active::getLast);
      if (!leaver.plan().dynamic()) {
        wanted--;
      }
      dismiss(leaver, 0);
      return true;
    } finally {
      lock.unlock();
      management.unlock();
    }
  }

  void reset() throws InterruptedException {
    management.lock();
    try {
      int next = generation + 1;
      Batch batch = hireNext(next);
      ExecException failure = batch.await(patience());
      lock.lock();
      try {
        if (failure != null) {
          dismissAll(w -> w.plan().generation() == next, 0);
          throw failure;
        }
        generation = next;
        dismissAll(
            w -> w.plan().generation() < next, pool.now() + pool.config().resetTimeout().toNanos());
      } finally {
        lock.unlock();
      }
    } finally {
      management.unlock();
    }
  }

  private Batch hireNext(int next) {
    lock.lock();
    try {
      List<Worker> old = active();
      Batch batch = new Batch(old.size());
      for (Worker worker : old) {
        hire(worker.plan().dynamic(), false, next, 0, batch);
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void dismissAll(java.util.function.Predicate<Worker> which, long leaveBy) {
    for (Worker worker : List.copyOf(members)) {
      if (which.test(worker)) {
        dismiss(worker, leaveBy);
      }
    }
  }

  /** Starts up to {@code count} workers on top. */
  void addDynamic(int count) {
    lock.lock();
    try {
      for (int i = 0; i < count && !pool.closing() && active().size() < MOST; i++) {
        hire(true, false, generation, 0, null);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets up to {@code count} of the workers on top leave, idle ones only. */
  int removeDynamic(int count) {
    lock.lock();
    try {
      List<Worker> leavers =
          active().stream()
              .filter(w -> w.plan().dynamic() && w.state() != State.WORKING)
              .limit(count)
              .toList();
      leavers.forEach(w -> dismiss(w, 0));
      return leavers.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many workers on top there are, those that start included. */
  int dynamic() {
    lock.lock();
    try {
      return (int) active().stream().filter(w -> w.plan().dynamic()).count();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a worker on top is on its way. */
  boolean dynamicStarting() {
    lock.lock();
    try {
      return active().stream()
          .anyMatch(w -> w.plan().dynamic() && !w.isOpen() && w.plan().failures() == 0);
    } finally {
      lock.unlock();
    }
  }

  /** Starts a worker for one request, when more requests wait than workers come. */
  void startForOne() {
    lock.lock();
    try {
      long coming = members.stream().filter(w -> !w.isOpen()).count();
      if (coming < queue.size() && members.size() < MOST_SINGLE && !pool.cutOff()) {
        hire(false, true, generation, 0, null);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Makes up for workers that could not even get a thread. */
  void refill() {
    lock.lock();
    try {
      long have = active().stream().filter(w -> !w.plan().dynamic()).count();
      // While a reset runs there are more than wanted, never fewer.
      for (long i = have; i < wanted; i++) {
        hire(false, false, generation, 1, null);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stops everybody: tasks that were taken are finished until the deadline.
   *
   * @param deadline when to stop waiting
   */
  void stop(Deadline deadline) throws InterruptedException {
    lock.lock();
    try {
      changed.signalAll();
      for (Worker worker : members) {
        if (!worker.isOpen()) {
          worker.setForGood(0);
          worker.kill();
        }
      }
      awaitNobody(deadline.remaining());
    } finally {
      lock.unlock();
    }
    pool.setCutOff();
    for (Worker worker : all()) {
      worker.kill();
    }
    lock.lock();
    try {
      awaitNobody(Duration.ofSeconds(3));
    } finally {
      lock.unlock();
    }
  }

  private void awaitNobody(Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    while (!members.isEmpty() && left > 0) {
      if (members.stream().noneMatch(Worker::isOpen) && queue.size() > 0) {
        // Nobody is left who could take what is queued.
        pool.setCutOff();
      }
      left = changed.awaitNanos(left);
    }
  }

  // ---- what workers report -------------------------------------------------------------------

  /** Waits before another attempt; false when it is not wanted any more. */
  boolean pause(Worker worker, long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !unwanted(worker)) {
        left = changed.awaitNanos(left);
      }
      return !unwanted(worker);
    } finally {
      lock.unlock();
    }
  }

  void opened(Worker worker) {
    lock.lock();
    try {
      if (unwanted(worker) && !worker.plan().single()) {
        worker.retire(State.DESTROYED);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Batch batch = worker.plan().batch();
    if (batch != null) {
      batch.opened();
    }
  }

  void startFailed(Worker worker, String why) {
    Batch batch = worker.plan().batch();
    boolean expected;
    lock.lock();
    try {
      expected = worker.forGood() || pool.closing();
      if (batch == null) {
        replace(worker, worker.plan().failures() + 1);
      } else {
        worker.setForGood(0);
      }
    } finally {
      lock.unlock();
    }
    if (batch != null) {
      batch.failed(Errors.allocate(why));
    } else if (!expected) {
      pool.log()
          .error(
              "a worker could not be started: " + why,
              "next_try_in_ms",
              TimeUnit.NANOSECONDS.toMillis(WorkerPool.pauseAfter(worker.plan().failures() + 1)));
    }
  }

  /** The worker takes no more tasks: its replacement starts. Only the first call counts. */
  void leavesService(Worker worker) {
    lock.lock();
    try {
      replace(worker, worker.diedYoung() ? worker.plan().failures() + 1 : 0);
    } finally {
      lock.unlock();
    }
  }

  void gone(Worker worker) {
    lock.lock();
    try {
      // Only a fault of ours leads here without a replacement.
      replace(worker, worker.plan().failures() + 1);
      members.remove(worker);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- views ---------------------------------------------------------------------------------

  /** Everybody, those that come and go included. */
  List<Worker> all() {
    lock.lock();
    try {
      return new ArrayList<>(members);
    } finally {
      lock.unlock();
    }
  }

  /** Everybody who counts for a user: one for each place. */
  List<Worker> visible() {
    lock.lock();
    try {
      return members.stream().filter(Crew::isVisible).toList();
    } finally {
      lock.unlock();
    }
  }

  private static boolean isVisible(Worker worker) {
    if (!worker.isOpen() || !worker.isAlive() || worker.forGood()) {
      return false;
    }
    Worker replacement = worker.replacement();
    return !worker.leaving() || replacement != null && !replacement.isOpen();
  }

  // ---- under the lock ------------------------------------------------------------------------

  private boolean unwanted(Worker worker) {
    return worker.forGood() || pool.closing() && !worker.plan().single();
  }

  private List<Worker> active() {
    return members.stream().filter(w -> !w.forGood() && !w.leaving()).toList();
  }

  private void replace(Worker worker, int failures) {
    if (worker.leaving()) {
      return;
    }
    boolean again = !worker.forGood() && !worker.plan().single() && !pool.closing();
    worker.setLeaving(null);
    if (again) {
      worker.setLeaving(
          hire(worker.plan().dynamic(), false, worker.plan().generation(), failures, null));
    }
  }

  private void dismiss(Worker worker, long leaveBy) {
    worker.setForGood(leaveBy);
    changed.signalAll();
    if (worker.isOpen()) {
      worker.retire(State.DESTROYED);
    } else {
      worker.kill();
    }
  }

  private @Nullable Worker hire(
      boolean dynamic, boolean single, int generation, int failures, @Nullable Batch batch) {
    Worker.Plan plan = new Worker.Plan(++numbers, dynamic, single, generation, failures, batch);
    Worker worker = new Worker(pool, queue, plan, pool.maxJobs());
    Thread owner =
        Thread.ofPlatform()
            .name("rr-" + pool.name() + "-worker-" + plan.number())
            .unstarted(worker);
    members.add(worker);
    try {
      owner.start();
      return worker;
    } catch (OutOfMemoryError noThread) {
      members.remove(worker);
      pool.log().error("no thread for a worker: " + noThread.getMessage());
      if (batch != null) {
        batch.failed(Errors.allocate("no thread for a worker: " + noThread.getMessage()));
      }
      return null;
    }
  }

  private long patience() {
    // The watcher ends each start in time; this is the last resort behind it.
    return pool.config().allocateTimeout().toNanos() + TimeUnit.SECONDS.toNanos(30);
  }
}
