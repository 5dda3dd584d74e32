package dev.rr.pool;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * First in, first out: tasks wait for owners, or owners for a task. Of tasks with one source only
 * some stand in line at once, the others behind these: a connection with a hundred requests does
 * not make everybody else wait for all of them. Of several idle owners the one that worked last is
 * taken, whose caches are warm. Tasks and owners leave from the middle in constant time. Any
 * thread: callers offer, owners take, the watcher expires. The lock is held for a few instructions;
 * nobody is woken under it, since who wakes would run into it.
 */
final class TaskQueue {
  // A lock and links of its own instead of a queue of java.util.concurrent: those let a task leave
  // from the middle only by a search, and wake the owner that has waited longest.
  private final ReentrantLock lock = new ReentrantLock();
  // Either tasks wait or owners do, never both.
  private final Line line = new Line();
  private int size;
  // Only sources of which a task stands in line.
  private final Map<Object, Source> sources = new IdentityHashMap<>();
  // The owner that began to wait last; the others hang below it.
  private @Nullable Waiter idle;
  private int idleCount;
  private boolean closed;

  /** Tasks of one source that may stand in line at once. */
  static final int MAX_IN_LINE = 16;

  /** Tasks in order. */
  private static final class Line {
    private @Nullable Task head;
    private @Nullable Task tail;

    void add(Task task, boolean first) {
      Task before = first ? null : tail;
      Task after = first ? head : null;
      task.previous = before;
      task.next = after;
      if (before == null) {
        head = task;
      } else {
        before.next = task;
      }
      if (after == null) {
        tail = task;
      } else {
        after.previous = task;
      }
    }

    void remove(Task task) {
      Task before = task.previous;
      Task after = task.next;
      if (before == null) {
        head = after;
      } else {
        before.next = after;
      }
      if (after == null) {
        tail = before;
      } else {
        after.previous = before;
      }
      task.previous = null;
      task.next = null;
    }

    void addExpired(long now, List<Task> to) {
      for (Task task = head; task != null; task = task.next) {
        if (now - task.expiresAt >= 0) {
          to.add(task);
        }
      }
    }
  }

  /** What is known of a source with tasks in line. */
  private static final class Source {
    private final Line held = new Line();
    private int inLine;
  }

  /** One owner and its wait for a task. The fields are guarded by the queue's lock. */
  static final class Waiter {
    private @Nullable Thread thread;
    private @Nullable Task handed;
    private @Nullable Waiter above;
    private @Nullable Waiter below;
    private boolean waiting;
    // A call that came while the owner was busy; its next wait ends at once.
    private boolean called;
    // Read by the owner without the lock; handed is written before it.
    private volatile boolean wake;
  }

  /** Adds a task, or says that the queue is closed. */
  boolean offer(Task task) {
    Thread wake;
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      wake = place(task, false);
    } finally {
      lock.unlock();
    }
    LockSupport.unpark(wake);
    return true;
  }

  /** Puts a task back before all others. */
  void giveBack(Task task) {
    // Also when closed: it was let in before.
    Thread wake;
    lock.lock();
    try {
      wake = place(task, true);
    } finally {
      lock.unlock();
    }
    LockSupport.unpark(wake);
  }

  /**
   * Waits for a task.
   *
   * @return null when the owner was called, or the queue is closed and empty
   */
  @Nullable Task take(Waiter waiter) {
    lock.lock();
    try {
      // A call that came meanwhile goes first: the owner may not be fit for a task any more.
      if (waiter.called) {
        waiter.called = false;
        return null;
      }
      if (line.head != null) {
        return unlink(line.head);
      }
      if (closed) {
        return null;
      }
      park(waiter);
    } finally {
      lock.unlock();
    }
    // Parked without the lock; whoever releases the waiter has set wake before it unparks.
    while (!waiter.wake) {
      LockSupport.park(this);
      // Somebody's interrupt must neither spin here nor close the channels of a worker.
      boolean ignored = Thread.interrupted();
    }
    // Nobody else touches a waiter that was released.
    Task task = waiter.handed;
    waiter.handed = null;
    return task;
  }

  /** A task if one waits; for an owner that would go on without a pause. */
  @Nullable Task poll() {
    lock.lock();
    try {
      return line.head == null ? null : unlink(line.head);
    } finally {
      lock.unlock();
    }
  }

  /** Makes the owner's wait, or else its next, end without a task. */
  void call(Waiter waiter) {
    Thread wake = null;
    lock.lock();
    try {
      if (waiter.waiting) {
        wake = release(waiter);
      } else {
        waiter.called = true;
      }
    } finally {
      lock.unlock();
    }
    LockSupport.unpark(wake);
  }

  /**
   * Takes a task out, or says that it is not there: then an owner has it, or it was never let in.
   */
  boolean remove(Task task) {
    lock.lock();
    try {
      if (!task.queued) {
        return false;
      }
      unlink(task);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out the oldest tasks whose time is over. */
  List<Task> expired(long now) {
    List<Task> found = new ArrayList<>();
    lock.lock();
    try {
      // All of them, not only the first: tasks that were given back stand before older ones.
      line.addExpired(now, found);
      sources.values().forEach(source -> source.held.addExpired(now, found));
      found.forEach(this::unlink);
    } finally {
      lock.unlock();
    }
    return found;
  }

  /** Takes out everything, for whoever ends those that nobody will take. */
  List<Task> drain() {
    List<Task> found = new ArrayList<>();
    lock.lock();
    try {
      while (line.head != null) {
        found.add(unlink(line.head));
      }
    } finally {
      lock.unlock();
    }
    return found;
  }

  /** Nanoseconds that the next task has waited; 0 when none waits. */
  long oldest(long now) {
    lock.lock();
    try {
      return line.head == null ? 0 : Math.max(1, now - line.head.queuedAt);
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  int idle() {
    lock.lock();
    try {
      return idleCount;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more tasks; the wait of owners ends. */
  void close() {
    List<Thread> wake = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      while (idle != null) {
        wake.add(release(idle));
      }
    } finally {
      lock.unlock();
    }
    wake.forEach(LockSupport::unpark);
  }

  // Under the lock, as all below. Hands the task to an idle owner, whom the caller has to wake, or
  // links it.
  // Owners never wait while a task does, so a task that is put first overtakes nobody but tasks.
  private @Nullable Thread place(Task task, boolean first) {
    Waiter waiter = idle;
    if (waiter != null) {
      waiter.handed = task;
      return release(waiter);
    }
    link(task, first);
    return null;
  }

  // Puts the owner on top of those that wait.
  private void park(Waiter waiter) {
    waiter.thread = Thread.currentThread();
    waiter.waiting = true;
    waiter.wake = false;
    waiter.below = idle;
    waiter.above = null;
    if (idle != null) {
      idle.above = waiter;
    }
    idle = waiter;
    idleCount++;
  }

  // Takes the owner out of those that wait, from wherever it is; the caller wakes it.
  private Thread release(Waiter waiter) {
    if (waiter.above == null) {
      idle = waiter.below;
    } else {
      waiter.above.below = waiter.below;
    }
    if (waiter.below != null) {
      waiter.below.above = waiter.above;
    }
    waiter.above = null;
    waiter.below = null;
    waiter.waiting = false;
    waiter.wake = true;
    idleCount--;
    Thread thread = waiter.thread;
    if (thread == null) {
      throw new IllegalStateException("nobody waits here");
    }
    return thread;
  }

  private void link(Task task, boolean first) {
    task.queued = true;
    size++;
    Object of = task.payload.source();
    if (of == null) {
      line.add(task, first);
      return;
    }
    Source source = sources.computeIfAbsent(of, any -> new Source());
    if (!first && source.inLine >= MAX_IN_LINE) {
      task.held = true;
      source.held.add(task, false);
    } else {
      source.inLine++;
      line.add(task, first);
    }
  }

  private Task unlink(Task task) {
    task.queued = false;
    size--;
    Object of = task.payload.source();
    Source source = of == null ? null : sources.get(of);
    if (source == null) {
      line.remove(task);
    } else if (task.held) {
      task.held = false;
      source.held.remove(task);
    } else {
      line.remove(task);
      source.inLine--;
      follow(source);
      if (source.inLine == 0) {
        sources.remove(of);
      }
    }
    return task;
  }

  // The place that a source's task leaves in line is for its next one, at the end.
  private void follow(Source source) {
    Task next = source.held.head;
    if (next != null) {
      source.held.remove(next);
      next.held = false;
      source.inLine++;
      line.add(next, false);
    }
  }
}
