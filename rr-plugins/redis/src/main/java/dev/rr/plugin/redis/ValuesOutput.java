package dev.rr.plugin.redis;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.ValueMemory;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the values of {@code MGET} as they arrive, as long as there is room for them; those behind
 * the first that finds none are read and dropped. Of the connection's loop until it is complete.
 */
final class ValuesOutput extends CommandOutput<String, byte[], Map<String, byte[]>> {
  private final List<String> keys;
  private final ValueMemory memory;
  private int next;

  ValuesOutput(List<String> keys, ValueMemory memory) {
    super(RedisDialer.CODEC, new HashMap<>());
    this.keys = keys;
    this.memory = memory;
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    String key = keys.get(next++);
    if (bytes == null || hasError()) {
      return;
    }
    try {
      memory.take((long) ValueMemory.ENTRY + bytes.remaining());
    } catch (OperationException e) {
      output.clear();
      setError(e.getMessage());
      return;
    }
    byte[] value = new byte[bytes.remaining()];
    bytes.get(value);
    output.put(key, value);
  }
}
