package dev.rr.operator;

import dev.rr.api.log.Log;
import dev.rr.http.ExchangeLoop;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/** An IO thread of Undertow. */
record OperatorLoop(XnioIoThread thread, Log log) implements ExchangeLoop {
  @Override
  public void execute(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("the server has stopped, an answer is dropped");
    }
  }

  /** Does something later; null once the server stops, and nothing is waited for any more. */
  XnioExecutor.@Nullable Key after(Duration time, Runnable task) {
    try {
      return thread.executeAfter(task, time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return null;
    }
  }
}
