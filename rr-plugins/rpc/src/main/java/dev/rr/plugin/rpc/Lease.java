package dev.rr.plugin.rpc;

import java.util.function.LongConsumer;

/**
 * What one call takes of the budget, from its payload's first byte until its answer is written. One
 * thread at a time.
 */
final class Lease implements LongConsumer {
  /** Bytes that every call takes: its objects, its thread, a small argument and answer. */
  private static final int CALL = 1024;

  /** The argument and the answer take more in steps of this many bytes. */
  private static final int STEP = 64 * 1024;

  private final Budget budget;
  private long held;
  private long used;

  /**
   * Takes over what was taken for a call.
   *
   * @param held what was taken: {@link #admission} of its payload, or 0 for one that is refused
   * @param payload its length in bytes
   */
  Lease(Budget budget, long held, long payload) {
    this.budget = budget;
    this.held = held;
    this.used = payload;
  }

  /**
   * What is taken before a payload is read. Its decoded form is paid for as far as it is no larger:
   * calls that were let in must not starve each other afterwards.
   */
  static long admission(long payload) {
    return CALL + 2 * payload;
  }

  /**
   * The argument takes this many bytes more, decoded.
   *
   * @throws IllegalArgumentException with the text for the caller when there are not that many
   */
  @Override
  public void accept(long bytes) {
    if (!grow(bytes)) {
      throw new IllegalArgumentException(
          "rpc: the argument takes more memory than is free when it is decoded; all calls together"
              + " may take "
              + budget.size()
              + " bytes, a third of the heap");
    }
  }

  private boolean grow(long bytes) {
    long missing = used + bytes - held;
    if (missing > 0) {
      long more = Math.max(missing, STEP);
      if (!budget.take(more)) {
        return false;
      }
      held += more;
    }
    used += bytes;
    return true;
  }

  /**
   * The argument is not needed any more, an answer of this many bytes is kept until it is written.
   *
   * @return whether there is room for it; else it has to be left out
   */
  boolean answer(long bytes) {
    used = 0;
    boolean fits = grow(bytes);
    long spare = held - Math.max(used, CALL);
    if (spare > STEP) {
      budget.give(spare);
      held -= spare;
    }
    return fits;
  }

  /** The call is over. */
  void close() {
    budget.give(held);
    held = 0;
  }
}
