package dev.rr.api.kv;

import dev.rr.api.error.OperationException;

/**
 * What the values of one call may take of the heap until they are answered. Who reads values that
 * are not in memory already takes their bytes before he reads them, where he knows them before, or
 * as they come: also on a thread that is not the call's, and when the call is over.
 */
@FunctionalInterface
public interface ValueMemory {
  /** What a value's key and its place in a map take beside it, in bytes; taken with each. */
  int ENTRY = 100;

  /** For calls by the process itself, which know what they ask for. */
  ValueMemory UNBOUNDED = bytes -> {};

  /**
   * Takes this many bytes more; they are given back when the call is over.
   *
   * @throws OperationException when there are not that many, or the call is over, with the text for
   *     the caller
   */
  void take(long bytes) throws OperationException;
}
