package dev.rr.plugin.tcp;

import dev.rr.api.http.MemoryBudget;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The bytes of a packet that has yet to end. What it has room for counts in the budget. On its
 * connection's loop.
 */
final class PacketBuffer {
  private static final byte[] NOTHING = {};

  private final MemoryBudget budget;
  private final int limit;
  private byte[] bytes = NOTHING;
  private int size;

  /**
   * An empty one.
   *
   * @param limit the most bytes it may have
   */
  PacketBuffer(MemoryBudget budget, int limit) {
    this.budget = budget;
    this.limit = limit;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Whether these bytes more would still be a packet of an allowed length. */
  boolean mayHave(int more) {
    return more <= limit - size;
  }

  /** Takes what is readable; false when there is no memory for it. It has to be allowed. */
  boolean append(ByteBuf in) {
    int more = in.readableBytes();
    if (more > bytes.length - size && !grow(size + more)) {
      return false;
    }
    in.readBytes(bytes, size, more);
    size += more;
    return true;
  }

  /**
   * To exactly what the first read brought, which is all of most packets, then to twice as much.
   */
  private boolean grow(int needed) {
    int capacity = (int) Math.clamp(2L * bytes.length, needed, Math.max(needed, limit));
    // The old array is gone before its loop makes another one.
    if (!budget.take(capacity - bytes.length)) {
      return false;
    }
    bytes = Arrays.copyOf(bytes, capacity);
    return true;
  }

  boolean endsWith(byte[] delimiter) {
    return size >= delimiter.length
        && Arrays.equals(bytes, size - delimiter.length, size, delimiter, 0, delimiter.length);
  }

  /** Hands all of it over and is empty; whoever gets it gives its length back to the budget. */
  byte[] take() {
    byte[] all = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    budget.add(all.length - bytes.length);
    bytes = NOTHING;
    size = 0;
    return all;
  }

  /** Forgets what it has. */
  void clear() {
    budget.give(bytes.length);
    bytes = NOTHING;
    size = 0;
  }
}
