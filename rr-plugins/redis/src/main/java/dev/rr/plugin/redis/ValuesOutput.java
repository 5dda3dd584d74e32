package dev.rr.plugin.redis;

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
  private final RedisValueLease lease;
  private int next;

  ValuesOutput(List<String> keys, RedisValueLease lease) {
    super(RedisDialer.CODEC, new HashMap<>());
    this.keys = keys;
    this.lease = lease;
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    String key = keys.get(next++);
    if (bytes == null || hasError()) {
      return;
    }
    if (lease.take(bytes.remaining())) {
      byte[] value = new byte[bytes.remaining()];
      bytes.get(value);
      output.put(key, value);
    } else {
      output.clear();
      setError(lease.refusal());
    }
  }
}
