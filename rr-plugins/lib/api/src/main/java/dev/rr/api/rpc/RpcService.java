package dev.rr.api.rpc;

import dev.rr.annotation.Contract;
import java.util.Map;

/**
 * The RPC methods of one plugin. Generated from {@code @RpcMethod}; can be written by hand.
 * Immutable.
 */
@Contract
public interface RpcService {
  /** The methods by their name after the dot. */
  Map<String, RpcHandler> methods();
}
