package dev.rr.api.rpc;

import org.jspecify.annotations.Nullable;

/**
 * One RPC method. Called on a virtual thread unless it is {@link #quick}, possibly several at once.
 */
@FunctionalInterface
public interface RpcHandler {
  /**
   * Answers a call.
   *
   * @return a {@code String}, {@code Boolean}, number, {@code byte[]}, list or map of those (map
   *     keys in the order they shall have), a protobuf message, or null; or a {@code
   *     CompletionStage} of one of these, with which a method waits without a thread
   * @throws Exception its message is the error text that the caller receives
   */
  @Nullable Object call(RpcArgument argument) throws Exception;

  /**
   * As {@link #call(RpcArgument)}, told about the call. The one that the socket calls.
   *
   * @param call of interest to methods that wait
   */
  default @Nullable Object call(RpcArgument argument, RpcCall call) throws Exception {
    return call(argument);
  }

  /**
   * Whether every call returns within microseconds: it reads or changes memory, and neither waits
   * nor does I/O. Such a method runs on the socket's event loop, which halves its CPU time; while
   * it runs, other clients wait.
   */
  default boolean quick() {
    return false;
  }

  /** The same method, marked as {@link #quick}. */
  static RpcHandler quick(RpcHandler handler) {
    return new RpcHandler() {
      @Override
      public @Nullable Object call(RpcArgument argument) throws Exception {
        return handler.call(argument);
      }

      @Override
      public @Nullable Object call(RpcArgument argument, RpcCall call) throws Exception {
        return handler.call(argument, call);
      }

      @Override
      public boolean quick() {
        return true;
      }
    };
  }

  /** A method that wants to know the call. */
  static RpcHandler calling(Calling method) {
    return new RpcHandler() {
      @Override
      public @Nullable Object call(RpcArgument argument) throws Exception {
        return method.call(argument, RpcCall.OWN);
      }

      @Override
      public @Nullable Object call(RpcArgument argument, RpcCall call) throws Exception {
        return method.call(argument, call);
      }
    };
  }

  /** An RPC method with its call. */
  @FunctionalInterface
  interface Calling {
    /** As {@link RpcHandler#call(RpcArgument, RpcCall)}. */
    @Nullable Object call(RpcArgument argument, RpcCall call) throws Exception;
  }
}
