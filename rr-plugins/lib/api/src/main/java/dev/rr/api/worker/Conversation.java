package dev.rr.api.worker;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A reply whose worker may ask back in the middle of a streamed answer, and waits for what it asked
 * for. It is handed every frame, also when the caller has given up and when it has returned false:
 * a question must not be lost. The worker is told of an end by what it gets for its next question.
 */
public interface Conversation extends Reply {
  /**
   * What the frame that was just delivered asks for. Called after each whole frame but the last, on
   * the thread that owns the worker, which waits for it. The worker's time does not run meanwhile.
   *
   * @return completes within a time of its own, normally, and with a payload that is not empty; the
   *     pool cancels it when the worker is gone. Null when the frame asks for nothing
   */
  @Nullable CompletableFuture<Payload> asked();
}
