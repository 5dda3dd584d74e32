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
  /** An item that never expires. */
  public KvItem(String key, byte[] value) {
    this(key, value, Optional.empty());
  }

  /** The same with another expiry. */
  public KvItem withExpiry(Optional<Instant> other) {
    return new KvItem(key, value, other);
  }

  /** Whether it has ceased to exist at this moment. */
  public boolean isExpired(Instant now) {
    return expires.isPresent() && !now.isBefore(expires.get());
  }

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
