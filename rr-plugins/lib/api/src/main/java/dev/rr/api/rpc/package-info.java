/** RPC services as plugins offer them; implementations are generated from @RpcMethod. */
@NullMarked
package dev.rr.api.rpc;

import org.jspecify.annotations.NullMarked;
