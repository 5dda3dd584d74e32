package dev.rr.api.kv;

import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A key with its value. Immutable as long as nobody writes into the value.
 *
 * @param key as the client sent it
 * @param value empty where only the key and its expiry matter
 * @param expires when it ceases to exist; empty for never; may lie in the past
 */
public record KvItem(String key, byte[] value, Optional<Instant> expires) {
  @Override
  public boolean equals(Object other) {
    return other instanceof KvItem(String k, byte[] v, Optional<Instant> e)
        && key.equals(k)
        && Arrays.equals(value, v)
        && expires.equals(e);
  }

  @Override
  public int hashCode() {
    return Objects.hash(key, Arrays.hashCode(value), expires);
  }

  /** Without the value, which may be a secret. */
  @Override
  public String toString() {
    return "KvItem[" + key + ", " + value.length + " bytes, " + expires + ']';
  }
}
