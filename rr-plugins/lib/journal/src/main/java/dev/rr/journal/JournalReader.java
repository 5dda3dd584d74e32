package dev.rr.journal;

/** Reads bytes of records where they stand in the file. */
@FunctionalInterface
public interface JournalReader {
  /**
   * A copy of the bytes.
   *
   * @param at of the first, as {@link JournalState#apply} was told
   */
  byte[] read(long at, int length);
}
