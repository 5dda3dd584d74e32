package dev.rr.pool;

import dev.rr.api.worker.Conversation;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Reply;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One payload on its way to an answer. At each moment one thread holds it: the caller until it is
 * queued, the queue's lock while it waits, then the owner of the worker that took it. Only the
 * holder ends it; any thread may cancel.
 */
final class Task implements Pool.Execution {
  final Payload payload;
  private final Reply reply;
  private final Origin origin;

  // The links and the two times belong to TaskQueue and are guarded by its lock.
  @Nullable Task previous;
  @Nullable Task next;
  boolean queued;

  /** Whether it waits behind other tasks of its source for a place in line. */
  boolean held;

  /** The moment at which waiting began. */
  long queuedAt;

  /** The moment at which waiting is over. */
  long expiresAt;

  /** How often a worker gave it back; touched by whoever holds the task. */
  int returns;

  // Not volatile: a task is handed from holder to holder through a lock.
  private boolean ended;

  // Written by the caller's thread and the holder, read by the holder and the watcher; overdueAt is
  // written first.
  private volatile boolean cancelled;
  private volatile long overdueAt;

  /** Where tasks come from, and what they tell it. Any thread. */
  interface Origin {
    /** The moment at which a stream should have ended that is cancelled now. */
    long overdueAt();

    /** The caller gave up; the task may be queued or running. */
    void cancelled(Task task);

    /** A task is over and gives its place back. */
    void ended();

    /** The receiver of an answer threw; that is its own fault and no worker's. */
    void replyFailed(Throwable fault);
  }

  Task(Origin origin, Payload payload, Reply reply) {
    this.origin = origin;
    this.payload = payload;
    this.reply = reply;
  }

  @Override
  public void cancel() {
    if (!cancelled) {
      abandon();
      origin.cancelled(this);
    }
  }

  /** Nobody wants its answer any more: its worker has only so much time left to end it. */
  void abandon() {
    if (!cancelled) {
      overdueAt = origin.overdueAt();
      cancelled = true;
    }
  }

  boolean cancelled() {
    return cancelled;
  }

  /** Whether the caller gave up so long ago that a stream should have ended. */
  boolean overdue(long now) {
    return cancelled && now >= overdueAt;
  }

  /** Hands a frame to the receiver; false when it wants no more, or failed. The holder's. */
  boolean frame(int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last) {
    try {
      return reply.frame(codec, context, body, remaining, last);
    } catch (RuntimeException | StackOverflowError e) {
      origin.replyFailed(e);
      return false;
    }
  }

  /** Hands more of a frame's body to the receiver; false as in {@link #frame}. The holder's. */
  boolean body(ByteBuffer chunk, long remaining) {
    try {
      return reply.body(chunk, remaining);
    } catch (RuntimeException | StackOverflowError e) {
      origin.replyFailed(e);
      return false;
    }
  }

  /** Whether its worker may ask back, so that no frame may be withheld from the receiver. */
  boolean isConversation() {
    return reply instanceof Conversation;
  }

  /** What the last frame asks for, where it asks for something. The holder's. */
  @Nullable CompletableFuture<Payload> asked() {
    return reply instanceof Conversation conversation ? conversation.asked() : null;
  }

  /** The payload's context could not be written: a fault of the one who made it. */
  void contextFailed(RuntimeException fault) {
    origin.replyFailed(fault);
  }

  /** Ends the task without an answer. The holder's; a second end does nothing. */
  void fail(ExecException error) {
    if (end()) {
      try {
        reply.failed(error);
      } catch (RuntimeException | StackOverflowError e) {
        origin.replyFailed(e);
      }
    }
  }

  /** Gives its place in the pool back. The holder's. */
  boolean end() {
    if (ended) {
      return false;
    }
    ended = true;
    origin.ended();
    return true;
  }
}
