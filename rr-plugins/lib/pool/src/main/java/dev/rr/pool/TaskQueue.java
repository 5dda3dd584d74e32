package dev.rr.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * First in, first out: tasks wait for owners, or owners for a task. Of several idle owners the one
 * that worked last is taken, whose caches are warm. Tasks and owners leave from the middle in
 * constant time. Any thread.
 */
final class TaskQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Task head;
  private @Nullable Task tail;
  private int size;
  private @Nullable Seat idle;
  private int idleCount;
  private boolean closed;

  /** Where one owner waits. The fields belong to the queue. */
  static final class Seat {
    private @Nullable Thread thread;
    private @Nullable Task handed;
    private @Nullable Seat above;
    private @Nullable Seat below;
    private boolean waiting;
    private boolean called;
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
  @Nullable Task take(Seat seat) {
    lock.lock();
    try {
      if (seat.called) {
        seat.called = false;
        return null;
      }
      if (head != null) {
        return unlink(head);
      }
      if (closed) {
        return null;
      }
      sit(seat);
    } finally {
      lock.unlock();
    }
    while (!seat.wake) {
      LockSupport.park(this);
      // Somebody's interrupt must neither spin here nor close the channels of a worker.
      boolean ignored = Thread.interrupted();
    }
    Task task = seat.handed;
    seat.handed = null;
    return task;
  }

  /** A task if one waits; for an owner that would go on without a pause. */
  @Nullable Task poll() {
    lock.lock();
    try {
      return head == null ? null : unlink(head);
    } finally {
      lock.unlock();
    }
  }

  /** Makes the owner's wait, or else its next, end without a task. */
  void call(Seat seat) {
    Thread wake = null;
    lock.lock();
    try {
      if (seat.waiting) {
        wake = rise(seat);
      } else {
        seat.called = true;
      }
    } finally {
      lock.unlock();
    }
    LockSupport.unpark(wake);
  }

  /** Takes a task out, or says that it is not there. */
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
      for (Task task = head; task != null; ) {
        Task next = task.next;
        if (now - task.expiresAt >= 0) {
          found.add(unlink(task));
        }
        task = next;
      }
    } finally {
      lock.unlock();
    }
    return found;
  }

  /** Takes out everything. */
  List<Task> drain() {
    List<Task> found = new ArrayList<>();
    lock.lock();
    try {
      while (head != null) {
        found.add(unlink(head));
      }
    } finally {
      lock.unlock();
    }
    return found;
  }

  /** Nanoseconds that the oldest task has waited; 0 when none waits. */
  long oldest(long now) {
    lock.lock();
    try {
      return head == null ? 0 : Math.max(1, now - head.queuedAt);
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

  /** Takes no more tasks; owners that wait are sent home. */
  void close() {
    List<Thread> wake = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      while (idle != null) {
        wake.add(rise(idle));
      }
    } finally {
      lock.unlock();
    }
    wake.forEach(LockSupport::unpark);
  }

  private @Nullable Thread place(Task task, boolean first) {
    Seat seat = idle;
    if (seat != null) {
      seat.handed = task;
      return rise(seat);
    }
    link(task, first);
    return null;
  }

  private void sit(Seat seat) {
    seat.thread = Thread.currentThread();
    seat.waiting = true;
    seat.wake = false;
    seat.below = idle;
    seat.above = null;
    if (idle != null) {
      idle.above = seat;
    }
    idle = seat;
    idleCount++;
  }

  private Thread rise(Seat seat) {
    if (seat.above == null) {
      idle = seat.below;
    } else {
      seat.above.below = seat.below;
    }
    if (seat.below != null) {
      seat.below.above = seat.above;
    }
    seat.above = null;
    seat.below = null;
    seat.waiting = false;
    seat.wake = true;
    idleCount--;
    Thread thread = seat.thread;
    if (thread == null) {
      throw new IllegalStateException("nobody sits here");
    }
    return thread;
  }

  private void link(Task task, boolean first) {
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
    task.queued = true;
    size++;
  }

  private Task unlink(Task task) {
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
    task.queued = false;
    size--;
    return task;
  }
}
