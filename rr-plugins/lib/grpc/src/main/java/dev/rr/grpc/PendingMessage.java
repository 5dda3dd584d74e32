package dev.rr.grpc;

import dev.rr.api.grpc.GrpcNext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The message of a client that streams which nobody has taken yet. There is one at most: the next
 * is asked for when that is taken, so that the transport's window holds up a client whose worker is
 * slow. Any thread.
 */
final class PendingMessage {
  private final LongConsumer onTaken;

  // All guarded by this.
  private byte @Nullable [] message;
  private long weight;
  private boolean ended;
  private boolean over;
  private boolean stopping;
  private @Nullable CompletableFuture<GrpcNext> waiting;

  /**
   * With none so far.
   *
   * @param onTaken told the weight of each message when somebody has it
   */
  PendingMessage(LongConsumer onTaken) {
    this.onTaken = onTaken;
  }

  /** A message came. */
  void put(byte[] bytes, long bytesHeld) {
    synchronized (this) {
      if (!tellWaiting(GrpcNext.message(bytes))) {
        message = bytes;
        weight = bytesHeld;
        return;
      }
    }
    onTaken.accept(bytesHeld);
  }

  /** No message comes behind that which is there. */
  synchronized void end() {
    ended = true;
    if (message == null) {
      boolean unused = tellWaiting(GrpcNext.END);
    }
  }

  /** The server stops: who would wait for a message is told so. */
  synchronized void stop() {
    stopping = true;
    boolean unused = tellWaiting(GrpcNext.STOPPING);
  }

  /** Nobody waits for an answer any more. */
  synchronized void close() {
    over = true;
    message = null;
    boolean unused = tellWaiting(GrpcNext.OVER);
  }

  /** False when nobody waits, or has ceased to just now. */
  private boolean tellWaiting(GrpcNext next) {
    CompletableFuture<GrpcNext> told = waiting;
    waiting = null;
    return told != null && told.complete(next);
  }

  /** As {@link dev.rr.api.grpc.GrpcCall#next}. */
  CompletableFuture<GrpcNext> next(Duration longest) {
    byte[] bytes;
    long bytesHeld;
    synchronized (this) {
      if (over) {
        return CompletableFuture.completedFuture(GrpcNext.OVER);
      }
      bytes = message;
      bytesHeld = weight;
      message = null;
      if (bytes == null) {
        return await(longest);
      }
    }
    onTaken.accept(bytesHeld);
    return CompletableFuture.completedFuture(GrpcNext.message(bytes));
  }

  private CompletableFuture<GrpcNext> await(Duration longest) {
    if (ended || stopping || !longest.isPositive()) {
      return CompletableFuture.completedFuture(
          ended ? GrpcNext.END : stopping ? GrpcNext.STOPPING : GrpcNext.NOTHING);
    }
    CompletableFuture<GrpcNext> next = new CompletableFuture<>();
    waiting = next;
    return next.completeOnTimeout(GrpcNext.NOTHING, longest.toNanos(), TimeUnit.NANOSECONDS);
  }
}
