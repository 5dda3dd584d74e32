package dev.rr.testing.plugin;

import dev.rr.api.rpc.RpcArgument;
import dev.rr.api.rpc.RpcCall;
import dev.rr.api.rpc.RpcHandler;
import dev.rr.api.rpc.RpcService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Calls a plugin's RPC methods as the dispatcher would, through the generated service, without a
 * socket and codecs: the argument is given as what it decodes to.
 */
public final class RpcCalls {
  private RpcCalls() {}

  /**
   * Calls a method on this thread.
   *
   * @param method its name after the dot
   * @param argument a text, bool, number, byte array, list, map or message, as the method takes it
   * @return what would be encoded as the answer; waited for, where it comes later
   * @throws IllegalArgumentException when the method takes another type
   */
  public static @Nullable Object call(RpcService service, String method, Object argument)
      throws Exception {
    return call(service, method, argument, RpcCall.OWN);
  }

  /** As above, told about the call. */
  public static @Nullable Object call(
      RpcService service, String method, Object argument, RpcCall call) throws Exception {
    RpcHandler handler = service.methods().get(method);
    if (handler == null) {
      throw new AssertionError("no method " + method + " among " + service.methods().keySet());
    }
    Object answer = handler.call(new Given(argument), call);
    return answer instanceof CompletionStage<?> later ? later.toCompletableFuture().get() : answer;
  }

  private record Given(Object value) implements RpcArgument {
    private <T> T as(Class<T> type) {
      if (!type.isInstance(value)) {
        throw new IllegalArgumentException(
            "cannot decode " + value + " as " + type.getSimpleName());
      }
      return type.cast(value);
    }

    @Override
    public String string() {
      return as(String.class);
    }

    @Override
    public boolean bool() {
      return as(Boolean.class);
    }

    @Override
    public int integer() {
      return as(Number.class).intValue();
    }

    @Override
    public long longInteger() {
      return as(Number.class).longValue();
    }

    @Override
    public double decimal() {
      return as(Number.class).doubleValue();
    }

    @Override
    public byte[] bytes() {
      return as(byte[].class);
    }

    @Override
    @SuppressWarnings("unchecked") // the caller's own list
    public List<String> strings() {
      return as(List.class);
    }

    @Override
    @SuppressWarnings("unchecked") // the caller's own map
    public Map<String, Object> map() {
      return as(Map.class);
    }

    @Override
    @SuppressWarnings("unchecked") // of the prototype's class, as the cast has seen
    public <M> M message(M prototype) {
      return (M) as(prototype.getClass());
    }
  }
}
