package dev.rr.plugin.lock;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.rpc.RpcCall;
import dev.rr.api.trace.Span;

/** A call whose client can leave. Any thread. */
final class Caller implements RpcCall {
  private Runnable action = () -> {};
  private boolean left;

  synchronized void leave() {
    left = true;
    action.run();
  }

  @Override
  public Deadline deadline() {
    return Deadline.after(LONGEST);
  }

  @Override
  public Span span() {
    return Span.NONE;
  }

  @Override
  public synchronized boolean left() {
    return left;
  }

  @Override
  public synchronized void onLeave(Runnable then) {
    action = then;
    if (left) {
      then.run();
    }
  }
}
