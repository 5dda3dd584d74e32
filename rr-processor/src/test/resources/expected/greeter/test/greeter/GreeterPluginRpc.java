package test.greeter;

import dev.rr.api.rpc.RpcHandler;
import dev.rr.api.rpc.RpcService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.annotation.processing.Generated;
import org.jspecify.annotations.Nullable;

/**
 * The RPC methods of {@link GreeterPlugin}.
 */
@Generated("dev.rr.processor.RrProcessor")
final class GreeterPluginRpc implements RpcService {
  private final Map<String, RpcHandler> methods;

  GreeterPluginRpc(GreeterPlugin plugin) {
    Map<String, RpcHandler> methods = new LinkedHashMap<>();
    methods.put("All", argument -> mapped(plugin.all(argument.map()), each -> list(each, eachInner -> list(eachInner, eachInnerInner -> ofGuest(eachInnerInner)))));
    methods.put("Greet", RpcHandler.quick(argument -> plugin.greetByRpc(argument.string())));
    methods.put("Pause", RpcHandler.calling((argument, call) -> {
          plugin.pause(call);
          return false;
        }));
    methods.put("Reset", argument -> {
          plugin.reset();
          return false;
        });
    methods.put("Wait", RpcHandler.calling((argument, call) -> plugin.await(argument.string(), call)));
    this.methods = Collections.unmodifiableMap(methods);
  }

  @Override
  public Map<String, RpcHandler> methods() {
    return methods;
  }

  private static @Nullable Map<String, @Nullable Object> ofGuest_Age(Guest. @Nullable Age value) {
    if (value == null) {
      return null;
    }
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("inYears", value.inYears());
    return out;
  }

  private static @Nullable Map<String, @Nullable Object> ofGuest(@Nullable Guest value) {
    if (value == null) {
      return null;
    }
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("Name", value.name());
    out.put("age", ofGuest_Age(value.age()));
    return out;
  }

  private static <T> @Nullable List<@Nullable Object> list(@Nullable List<? extends T> values,
      Function<T, @Nullable Object> each) {
    if (values == null) {
      return null;
    }
    List<@Nullable Object> out = new ArrayList<>(values.size());
    values.forEach(value -> out.add(each.apply(value)));
    return out;
  }

  private static <T> @Nullable Map<String, @Nullable Object> mapped(
      @Nullable Map<String, ? extends T> values, Function<T, @Nullable Object> each) {
    if (values == null) {
      return null;
    }
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    values.forEach((key, value) -> out.put(key, each.apply(value)));
    return out;
  }
}
