package dev.rr.pool;

import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Reply;
import org.jspecify.annotations.Nullable;

/**
 * One payload on its way to an answer. The links belong to {@link TaskQueue}; any thread may
 * cancel.
 */
final class Task implements Pool.Execution {
  final Payload payload;
  final Reply reply;
  private final WorkerPool pool;

  @Nullable Task previous;
  @Nullable Task next;
  boolean queued;

  /** Nanoseconds at which waiting began, and at which it is over; guarded by the queue. */
  long queuedAt;

  long expiresAt;

  /** How often a worker gave it back; touched by whoever holds the task. */
  int returns;

  private boolean ended;
  private volatile boolean cancelled;
  private volatile long overdueAt;

  Task(WorkerPool pool, Payload payload, Reply reply) {
    this.pool = pool;
    this.payload = payload;
    this.reply = reply;
  }

  @Override
  public void cancel() {
    if (!cancelled) {
      overdueAt = pool.now() + pool.config().streamTimeout().toNanos();
      cancelled = true;
      pool.cancel(this);
    }
  }

  boolean cancelled() {
    return cancelled;
  }

  /** Whether the caller gave up so long ago that a stream should have ended. */
  boolean overdue(long now) {
    return cancelled && now >= overdueAt;
  }

  /** Ends the task without an answer. Called by the one who holds it; a second end does nothing. */
  void fail(ExecException error) {
    if (end()) {
      pool.report(() -> reply.failed(error));
    }
  }

  /** Gives its place in the pool back. Called by the one who holds it. */
  boolean end() {
    if (ended) {
      return false;
    }
    ended = true;
    pool.left();
    return true;
  }
}
