package dev.rr.pool;

import dev.rr.api.log.Log;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Reply;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets payloads into the pool and counts those inside, from the moment of their arrival to the end
 * of their answer. Callers of the pool submit and cancel, owners of workers give tasks back, the
 * watcher expires them; so any thread, and no lock of its own beside the queue's.
 */
final class TaskDispatcher implements Task.Origin {
  private final PoolSettings settings;
  private final TaskQueue queue;
  private final long maxQueue;
  private final long allocateTimeout;
  // Waiting and executing together.
  private final AtomicInteger inside = new AtomicInteger();

  private volatile boolean closing;
  private volatile boolean cutOff;

  TaskDispatcher(PoolSettings settings, TaskQueue queue) {
    this.settings = settings;
    this.queue = queue;
    this.maxQueue = settings.maxQueue();
    this.allocateTimeout = settings.config().allocateTimeout().toNanos();
  }

  /** Queues a payload, or fails it at once. */
  Task submit(Payload payload, Reply reply) {
    Task task = new Task(this, payload, reply);
    // Counted before it is let in or not, as every end of a task counts back.
    int taken = inside.incrementAndGet();
    if (payload.isEmpty()) {
      task.fail(Errors.empty());
    } else if (taken > maxQueue) {
      settings.log().warn("max queue size reached", "max_queue_size", maxQueue);
      task.fail(Errors.queueSize());
    } else {
      waitsFromNow(task);
      if (!queue.offer(task)) {
        task.fail(Errors.stopped());
      }
    }
    return task;
  }

  /** Takes a task back that a worker could not begin, or would not answer; it waits anew. */
  void giveBack(Task task) {
    waitsFromNow(task);
    if (cutOff) {
      task.fail(Errors.stopped());
    } else if (task.cancelled()) {
      task.fail(Errors.cancelled());
    } else {
      queue.giveBack(task);
    }
  }

  private void waitsFromNow(Task task) {
    task.queuedAt = settings.now();
    task.expiresAt = task.queuedAt + allocateTimeout;
  }

  /** Fails the tasks that have waited too long. The watcher's. */
  void expire(long now) {
    List<Task> expired = queue.expired(now);
    if (!expired.isEmpty()) {
      settings
          .log()
          .error(
              "no free workers in the pool, wait timeout exceed",
              "requests",
              expired.size(),
              "internal_event_name",
              "EventNoFreeWorkers");
      expired.forEach(task -> task.fail(Errors.noFreeWorkers()));
    }
  }

  /** Takes no more payloads; those inside go on. */
  void close() {
    // The flag first: an owner that the closed queue wakes looks at it.
    closing = true;
    queue.close();
  }

  /** Gives up on whatever is still queued or running. */
  void cutOff() {
    cutOff = true;
    queue.drain().forEach(task -> task.fail(Errors.stopped()));
  }

  /** Whether no more payloads are taken. */
  boolean isClosing() {
    return closing;
  }

  /** Whether stopping waits for nobody any more. */
  boolean isCutOff() {
    return cutOff;
  }

  @Override
  public long overdueAt() {
    return settings.now() + settings.config().streamTimeout().toNanos();
  }

  @Override
  public void cancelled(Task task) {
    // One that runs is not in the queue; its worker looks at the task between two frames.
    if (queue.remove(task)) {
      task.fail(Errors.cancelled());
    }
  }

  @Override
  public void ended() {
    inside.decrementAndGet();
  }

  @Override
  public void replyFailed(Throwable fault) {
    settings.log().log(Log.Level.ERROR, "the receiver of an answer failed", fault);
  }
}
