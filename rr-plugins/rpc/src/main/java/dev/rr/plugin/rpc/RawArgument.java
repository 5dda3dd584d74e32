package dev.rr.plugin.rpc;

import dev.rr.api.rpc.RpcArgument;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * An argument in the raw codec: bytes for methods that take bytes; any other method sees its zero
 * value, as upstream has it.
 *
 * @param payload the frame's payload
 * @param from where the argument begins
 * @param size is told what the argument takes
 */
record RawArgument(byte[] payload, int from, LongConsumer size) implements RpcArgument {
  @Override
  public String string() {
    return "";
  }

  @Override
  public boolean bool() {
    return false;
  }

  @Override
  public int integer() {
    return 0;
  }

  @Override
  public long longInteger() {
    return 0;
  }

  @Override
  public double decimal() {
    return 0;
  }

  @Override
  public byte[] bytes() {
    size.accept(payload.length - from);
    return Arrays.copyOfRange(payload, from, payload.length);
  }

  @Override
  public List<String> strings() {
    return List.of();
  }

  @Override
  public Map<String, Object> map() {
    return new LinkedHashMap<>();
  }

  @Override
  public <M> M message(M prototype) {
    return prototype;
  }
}
