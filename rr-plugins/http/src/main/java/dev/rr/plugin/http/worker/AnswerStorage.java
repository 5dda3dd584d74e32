package dev.rr.plugin.http.worker;

import dev.rr.api.http.MemoryBudget;
import dev.rr.plugin.http.body.Spool;
import java.io.IOException;
import java.time.Duration;

/**
 * Where answers wait for clients that read them slowly, and for how long. Immutable; any thread.
 *
 * @param budget the memory that all requests share
 * @param spool where answers go that find no room in it
 * @param stallLimit how long a client may take nothing of its answer
 */
public record AnswerStorage(MemoryBudget budget, Spool spool, Duration stallLimit) {
  /** An answer larger than this part of the budget goes to disk rather than wait in memory. */
  private static final int LARGE = 16;

  /** Bytes of an answer that weigh no more than the request itself. */
  private static final int SMALL = 2048;

  /** Whether an answer that came at once may be given to its connection, slow or not. */
  boolean mayQueue(int bytes) {
    return bytes <= SMALL || !budget.tight();
  }

  /** Whether an answer may wait in memory; else it goes to disk. */
  boolean mayKeep(long bytes) {
    return bytes <= budget.size() / LARGE && !budget.tight();
  }

  /**
   * Makes a file for the rest of an answer. Blocks.
   *
   * @param bytes that will come
   */
  SpooledAnswer store(long bytes) throws IOException {
    return SpooledAnswer.create(spool, bytes);
  }
}
