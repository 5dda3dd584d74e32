package dev.rr.grpc;

import dev.rr.api.http.MemoryBudget;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts what calls hold, from their heads on until the answer has left, in one budget: limits for
 * each message and each connection bound nothing, connections being many. A call whose message
 * finds no room is refused while it comes. Any thread.
 */
public final class CallMemory extends ServerStreamTracer.Factory {
  /** What a message or an entry counts beside its bytes: those of the objects around it. */
  static final int OBJECTS = 64;

  /** How a call ends that finds no room. */
  static final Status NO_ROOM =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "the server holds as many messages as it may, try again later");

  private static final Context.Key<Share> SHARE = Context.key("rr-call-memory");

  private final MemoryBudget budget;

  /** Counts in this budget. */
  public CallMemory(MemoryBudget budget) {
    this.budget = budget;
  }

  /** Whether calls hold anything, as each does while it lasts. */
  boolean isInUse() {
    return budget.taken() > 0;
  }

  /** Whether so much is taken that who takes nothing of an answer is in the way of others. */
  boolean isTight() {
    return budget.tight();
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new Share();
  }

  /** What the call holds that this thread is at work for; null where there is none. */
  static @Nullable Share current() {
    return SHARE.get();
  }

  /**
   * Gives back what was counted of a call so far; for a handler of the transport's, amid a
   * callback, that is done with a message while its call goes on.
   */
  public static void doneWithMessage() {
    Share share = current();
    if (share != null) {
      share.give(share.lastTaken());
    }
  }

  /** What the call that begins on this thread holds. */
  Share ofThisCall() {
    Share share = current();
    return share == null ? new Share() : share;
  }

  /** What one call holds. */
  final class Share extends ServerStreamTracer {
    private final AtomicLong held = new AtomicLong();
    private volatile boolean over;
    private @Nullable Runnable refuse;
    // The loop's.
    private long untold;

    @Override
    public Context filterContext(Context context) {
      return context.withValue(SHARE, this);
    }

    /** Has the call ended when it finds no room; before its first byte. On its loop. */
    void onRefused(Runnable action) {
      refuse = action;
    }

    @Override
    public void inboundWireSize(long bytes) {
      take(bytes);
    }

    /** Takes room for bytes, or refuses the call. On its loop. */
    void take(long bytes) {
      if (over) {
        return;
      }
      if (budget.take(bytes)) {
        untold += bytes;
        hold(bytes);
      } else if (refuse != null) {
        refuse.run();
      }
    }

    /** Takes room for what a message is unpacked to; false where there is none. On its loop. */
    boolean unpack(long bytes) {
      if (over || !budget.take(bytes)) {
        return false;
      }
      untold += bytes;
      hold(bytes);
      return true;
    }

    /** Gives back what {@link #unpack} took and the message has not become. On its loop. */
    void packed(long bytes) {
      untold -= bytes;
      give(bytes);
    }

    /** Counts bytes that are there already. */
    void add(long bytes) {
      if (!over) {
        budget.add(bytes);
        hold(bytes);
      }
    }

    /** What was taken since the last time, which belongs to the message that came. On its loop. */
    long lastTaken() {
      long bytes = untold;
      untold = 0;
      return bytes;
    }

    /** Gives bytes back before the call's end. Any thread. */
    void give(long bytes) {
      long before = held.getAndUpdate(now -> Math.max(0, now - bytes));
      budget.give(Math.min(before, bytes));
    }

    private void hold(long bytes) {
      held.addAndGet(bytes);
      if (over) {
        // It ended on another thread just now.
        giveBack();
      }
    }

    @Override
    public void streamClosed(Status status) {
      over = true;
      giveBack();
    }

    private void giveBack() {
      budget.give(held.getAndSet(0));
    }
  }
}
