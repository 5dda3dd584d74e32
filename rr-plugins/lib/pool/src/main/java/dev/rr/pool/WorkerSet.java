package dev.rr.pool;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException;
import dev.rr.goridge.Relay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a pool: starting, replacing, adding, removing and stopping them. Callers of the
 * pool manage, the watcher adds and removes dynamic workers, owners report what becomes of theirs;
 * all meet in one lock, which is never held while a process starts or ends. No request takes it,
 * except in debug mode.
 */
final class WorkerSet implements Worker.Listener {
  private static final int MOST = 2048;
  private static final int MOST_SINGLE = 64;
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);

  private final PoolSettings settings;
  private final TaskDispatcher dispatcher;
  private final TaskQueue queue;
  private final BufferPool buffers = new BufferPool();
  // One reset, addition or removal at a time; never taken by a worker.
  private final ReentrantLock management = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // In the order of their start; from then until the process is gone.
  private final Map<Worker, Member> members = new LinkedHashMap<>();
  private int wanted;
  private int generation;
  private int numbers;

  WorkerSet(PoolSettings settings, TaskDispatcher dispatcher, TaskQueue queue) {
    this.settings = settings;
    this.dispatcher = dispatcher;
    this.queue = queue;
  }

  // ---- management: threads of callers, which wait --------------------------------------------

  /**
   * Starts the first workers and waits until all are ready.
   *
   * @throws ExecException when one is not; whoever called stops the pool, and with it the others
   */
  void start(int workers) throws InterruptedException {
    Batch batch = new Batch(workers);
    lock.lock();
    try {
      // All at once: a start takes tens of milliseconds, of which most is waiting.
      wanted = workers;
      for (int i = 0; i < workers; i++) {
        add(Member.Role.configured(generation, batch));
      }
    } finally {
      lock.unlock();
    }
    await(batch);
  }

  /**
   * Starts one more and keeps it.
   *
   * @throws ExecException when it does not become ready, or the pool stops meanwhile
   */
  void grow() throws InterruptedException {
    management.lock();
    try {
      Batch batch = new Batch(1);
      lock.lock();
      try {
        if (active().count() >= MOST) {
          throw Errors.allocate("container is full, maximum number of workers reached");
        }
        add(Member.Role.configured(generation, batch));
      } finally {
        lock.unlock();
      }
      await(batch);
      lock.lock();
      try {
        // Only now: one that could not be started must not be made up for by refill.
        wanted++;
      } finally {
        lock.unlock();
      }
    } finally {
      management.unlock();
    }
  }

  /**
   * Lets one leave for good and does not wait for that: a busy one finishes its request first. An
   * idle one is preferred; false when it would be the last.
   */
  boolean shrink() {
    management.lock();
    lock.lock();
    try {
      List<Member> active = active().toList();
      if (active.size() <= 1) {
        return false;
      }
      Member leaver =
          active.stream()
              .filter(m -> m.worker.state() == State.READY)
              .findFirst()
              .orElseGet(active::getLast);
      if (!leaver.role.dynamic()) {
        wanted--;
      }
      remove(leaver, 0);
      return true;
    } finally {
      lock.unlock();
      management.unlock();
    }
  }

  /**
   * Replaces all workers. New ones are started beside the old ones, which leave only when all new
   * ones are ready: so nobody waits for a reset, and one that fails changes nothing.
   */
  void reset() throws InterruptedException {
    management.lock();
    try {
      int next = generation + 1;
      Batch batch = addNext(next);
      ExecException failure = batch.await(startTimeout());
      lock.lock();
      try {
        if (failure != null) {
          // The others of the batch may be ready already.
          removeAll(m -> m.role.generation() == next, 0);
          throw failure;
        }
        generation = next;
        // A hung request keeps its old worker no longer than that.
        long stopDeadline = settings.now() + settings.config().resetTimeout().toNanos();
        removeAll(m -> m.role.generation() < next, stopDeadline);
      } finally {
        lock.unlock();
      }
    } finally {
      management.unlock();
    }
  }

  // One for each that counts in this moment; what starts for the old ones later leaves with them.
  private Batch addNext(int next) {
    lock.lock();
    try {
      List<Member> old = active().toList();
      Batch batch = new Batch(old.size());
      for (Member member : old) {
        add(member.role.renewed(next, batch));
      }
      return batch;
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
      // Those that wait between two attempts to start see that they are unwanted.
      changed.signalAll();
      for (Member member : members.values()) {
        // One that still starts has nothing to finish. Idle ones were woken by the closed queue.
        if (!member.worker.isOpen()) {
          removeForGood(member, 0);
          member.worker.kill();
        }
      }
      awaitNobody(deadline.remaining());
    } finally {
      lock.unlock();
    }
    dispatcher.cutOff();
    for (Worker worker : all()) {
      worker.kill();
    }
    lock.lock();
    try {
      // What the kernel needs to end a process, and the watcher to close a relay that is held.
      awaitNobody(Duration.ofSeconds(3));
    } finally {
      lock.unlock();
    }
  }

  /** Waits until every owner has reported that its worker is gone, or the time is over. */
  private void awaitNobody(Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    while (!members.isEmpty() && left > 0) {
      if (members.keySet().stream().noneMatch(Worker::isOpen) && queue.size() > 0) {
        // Nobody is left who could take what is queued.
        dispatcher.cutOff();
      }
      left = changed.awaitNanos(left);
    }
  }

  private void await(Batch batch) throws InterruptedException {
    ExecException failure = batch.await(startTimeout());
    if (failure != null) {
      throw failure;
    }
  }

  private long startTimeout() {
    // The watcher ends each start in time; this is the last resort behind it.
    return settings.config().allocateTimeout().toNanos() + TimeUnit.SECONDS.toNanos(30);
  }

  // ---- the watcher's; it never waits for a worker ----------------------------------------------

  /** Starts up to {@code count} dynamic workers. */
  void addDynamic(int count) {
    lock.lock();
    try {
      for (int i = 0; i < count && !dispatcher.isClosing() && active().count() < MOST; i++) {
        add(Member.Role.dynamic(generation));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets up to {@code count} of the dynamic workers leave, idle ones only. */
  int removeDynamic(int count) {
    lock.lock();
    try {
      List<Member> leavers =
          active()
              // One that becomes busy in this moment finishes its request all the same.
              .filter(m -> m.role.dynamic() && m.worker.state() != State.WORKING)
              .limit(count)
              .toList();
      leavers.forEach(m -> remove(m, 0));
      return leavers.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many dynamic workers there are, those that start included. */
  int dynamic() {
    lock.lock();
    try {
      return (int) active().filter(m -> m.role.dynamic()).count();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a dynamic worker is on its way, at the first attempt. */
  boolean dynamicStarting() {
    lock.lock();
    try {
      return active()
          .anyMatch(m -> m.role.dynamic() && !m.worker.isOpen() && m.role.failures() == 0);
    } finally {
      lock.unlock();
    }
  }

  /** Makes up for workers that could not even get a thread. */
  void refill() {
    lock.lock();
    try {
      long have = active().filter(m -> !m.role.dynamic()).count();
      // While a reset runs there are more than wanted, never fewer.
      for (long i = have; i < wanted; i++) {
        add(Member.Role.configured(generation, null).again(1));
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- debug mode: a worker for each request; any thread --------------------------------------

  /** In debug mode, starts a worker for one request when more requests wait than workers come. */
  void startForOne() {
    if (!settings.config().debug()) {
      return;
    }
    lock.lock();
    try {
      // Each of those that come takes one of those that wait, so that is all there is to compare.
      long coming = members.keySet().stream().filter(w -> !w.isOpen()).count();
      if (coming < queue.size() && members.size() < MOST_SINGLE && !dispatcher.isCutOff()) {
        add(Member.Role.single(generation));
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- what workers report, each on its owner's thread -----------------------------------------

  /** Waits between attempts that fail, longer each time. */
  @Override
  public boolean awaitTurn(Worker worker) throws InterruptedException {
    lock.lock();
    try {
      Member member = member(worker);
      long left = pauseAfter(member.role.failures());
      while (left > 0 && !isUnwanted(member)) {
        left = changed.awaitNanos(left);
      }
      return !isUnwanted(member);
    } finally {
      lock.unlock();
    }
  }

  /** How long a worker waits after so many starts that failed in a row. */
  static long pauseAfter(int failures) {
    return failures == 0 ? 0 : Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures - 1, 20));
  }

  // Its owner goes on to the queue by itself; what is left is to tell those who waited for it.
  @Override
  public void opened(Worker worker) {
    Batch batch;
    lock.lock();
    try {
      Member member = member(worker);
      batch = member.role.batch();
      // A single one still is to serve its request.
      if (isUnwanted(member) && !member.role.single()) {
        worker.retire(State.DESTROYED);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (batch != null) {
      batch.opened();
    }
  }

  @Override
  public void startFailed(Worker worker, String why) {
    if (settings.config().debug()) {
      failOne(why);
    }
    Batch batch;
    boolean expected;
    int failures;
    lock.lock();
    try {
      Member member = member(worker);
      batch = member.role.batch();
      failures = member.role.failures() + 1;
      expected = member.forGood || dispatcher.isClosing();
      if (batch == null) {
        // Tried again for ever, at longer and longer intervals: the cause may be mended meanwhile.
        replace(member, failures);
      } else {
        // Whoever waits for the batch is told, and decides; nobody tries again.
        removeForGood(member, 0);
      }
    } finally {
      lock.unlock();
    }
    if (batch != null) {
      batch.failed(Errors.allocate(why));
    } else if (!expected) {
      settings
          .log()
          .error(
              "a worker could not be started: " + why,
              "next_try_in_ms",
              TimeUnit.NANOSECONDS.toMillis(pauseAfter(failures)));
    }
  }

  // In debug mode the worker was one request's, which hears at once why there is none.
  private void failOne(String why) {
    Task task = queue.poll();
    if (task != null) {
      task.fail(Errors.allocate(why));
    }
  }

  // While it still lives, so that the place is empty for as short as a start takes.
  @Override
  public void leavesService(Worker worker) {
    lock.lock();
    try {
      Member member = member(worker);
      // A script that ends at once must not be started in a loop; such an end counts as a failure.
      replace(member, worker.endedEarly() ? member.role.failures() + 1 : 0);
    } finally {
      lock.unlock();
    }
  }

  // In debug mode the worker was the only one that came for this task.
  @Override
  public void givesBack(Task task) {
    dispatcher.giveBack(task);
    startForOne();
  }

  @Override
  public void gone(Worker worker) {
    Batch batch;
    lock.lock();
    try {
      Member member = member(worker);
      batch = worker.isOpen() ? null : member.role.batch();
      // Only a fault of ours leads here without a replacement.
      replace(member, member.role.failures() + 1);
      members.remove(worker);
      // Whoever stops the pool waits for an empty set.
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (batch != null) {
      // It was not wanted any more before it was ready; whoever waits for it must not wait on.
      batch.failed(Errors.stopped());
    }
    // A request may have come while there were too many workers to start one for it.
    startForOne();
  }

  // ---- views; any thread -----------------------------------------------------------------------

  /** Everybody, those that come and go included. */
  List<Worker> all() {
    lock.lock();
    try {
      return new ArrayList<>(members.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** Everybody who counts for a user: one for each place. */
  List<Worker> visible() {
    lock.lock();
    try {
      return members.values().stream().filter(Member::isVisible).map(m -> m.worker).toList();
    } finally {
      lock.unlock();
    }
  }

  // ---- under the lock --------------------------------------------------------------------------

  private Member member(Worker worker) {
    Member member = members.get(worker);
    if (member == null) {
      throw new IllegalStateException("not a worker of this pool any more");
    }
    return member;
  }

  /** Whether its place is gone: it was removed, or the pool stops and it is nobody's own. */
  private boolean isUnwanted(Member member) {
    return member.forGood || dispatcher.isClosing() && !member.role.single();
  }

  private Stream<Member> active() {
    return members.values().stream().filter(Member::isActive);
  }

  /** Starts another one in the place of one that leaves. Only the first call counts. */
  private void replace(Member member, int failures) {
    if (member.leaving) {
      return;
    }
    member.leaving = true;
    if (!member.forGood && !member.role.single() && !dispatcher.isClosing()) {
      member.replacement = add(member.role.again(failures));
    }
  }

  /** Lets those leave for good that {@code which} names; busy ones until {@code stopDeadline}. */
  private void removeAll(Predicate<Member> which, long stopDeadline) {
    members.values().stream().filter(which).toList().forEach(m -> remove(m, stopDeadline));
  }

  private void remove(Member member, long stopDeadline) {
    removeForGood(member, stopDeadline);
    // It may be waiting for its next attempt to start.
    changed.signalAll();
    if (member.worker.isOpen()) {
      member.worker.retire(State.DESTROYED);
    } else {
      member.worker.kill();
    }
  }

  private static void removeForGood(Member member, long stopDeadline) {
    member.forGood = true;
    member.worker.stopDeadline(stopDeadline);
  }

  /** Starts a worker's thread, which does the rest; null when there is no thread to be had. */
  private @Nullable Worker add(Member.Role role) {
    Worker worker = new Worker(settings, dispatcher, queue, this, settings.maxJobs());
    Thread owner =
        Thread.ofPlatform()
            .name("rr-" + settings.name() + "-worker-" + ++numbers)
            .unstarted(() -> own(worker));
    // Before the thread runs, which looks itself up.
    members.put(worker, new Member(worker, role));
    try {
      owner.start();
      return worker;
    } catch (OutOfMemoryError noThread) {
      // So the JVM says that the system has no thread left. The watcher tries again: see refill.
      members.remove(worker);
      String why = "no thread for a worker: " + noThread.getMessage();
      settings.log().error(why);
      Batch batch = role.batch();
      if (batch != null) {
        batch.failed(Errors.allocate(why));
      }
      return null;
    }
  }

  /** The owner's thread from its first step to its last. */
  private void own(Worker worker) {
    Relay.Buffers memory = buffers.borrow();
    try {
      worker.run(memory);
    } finally {
      buffers.giveBack(memory);
    }
  }
}
