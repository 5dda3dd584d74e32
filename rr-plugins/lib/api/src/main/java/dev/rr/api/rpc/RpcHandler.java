package dev.rr.api.rpc;

import org.jspecify.annotations.Nullable;

/** One RPC method. Called on a virtual thread, possibly several at once. */
@FunctionalInterface
public interface RpcHandler {
  /**
   * Answers a call.
   *
   * @return a {@code String}, {@code Boolean}, number, {@code byte[]}, list or map of those (map keys in
   *     the order they shall have), a protobuf message, or null
   * @throws Exception its message is the error text that the caller receives
   */
  @Nullable Object call(RpcArgument argument) throws Exception;
}
