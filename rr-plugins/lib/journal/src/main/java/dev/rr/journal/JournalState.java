package dev.rr.journal;

import java.nio.ByteBuffer;
import java.util.Iterator;

/**
 * What the records of a {@link Journal} add up to. One thread at a time applies, drops and takes
 * snapshots; whatever else a state has for readers is called by any thread meanwhile.
 */
public interface JournalState {
  /**
   * Takes in a record, which is on the disk now. What a record does may depend on those before it,
   * and must come to the same when some of those behind it were taken in already: a snapshot is
   * written while more is appended, which is taken in again behind it.
   *
   * @param record the bytes that were appended; only valid during the call
   * @param at where the first of them stands in the file
   */
  void apply(ByteBuffer record, long at);

  /**
   * Records from which a new state comes to what this one is. Iterated bit by bit, while more
   * records are applied here.
   *
   * @param values reads what stands in the file
   */
  Iterator<byte[]> snapshot(JournalReader values);

  /** About how many bytes a snapshot would take. The rest of the file is garbage. */
  long liveBytes();

  /** Forgets what has expired. Called now and then. */
  default void dropExpired() {}
}
