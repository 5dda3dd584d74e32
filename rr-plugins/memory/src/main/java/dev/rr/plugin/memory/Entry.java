package dev.rr.plugin.memory;

import org.jspecify.annotations.Nullable;

/** A key's value. Read by any thread; the links are their table's. */
final class Entry {
  static final long NEVER = Long.MAX_VALUE;

  /** What an entry takes beside its key's letters and its value, about, in bytes. */
  private static final int OVERHEAD = 144;

  final String key;
  final byte[] value;

  /** Milliseconds since 1970. */
  volatile long expires;

  /** Whether it was read since the eviction last came by. Threads may overwrite each other here. */
  boolean visited;

  @Nullable Entry older;
  @Nullable Entry newer;

  Entry(String key, byte[] value, long expires) {
    this.key = key;
    this.value = value;
    this.expires = expires;
  }

  boolean isExpired(long now) {
    return expires <= now;
  }

  long weight() {
    return weight(key, value);
  }

  /** What an entry takes of the heap, about, in bytes. */
  static long weight(String key, byte[] value) {
    return (long) OVERHEAD + key.length() + value.length;
  }
}
