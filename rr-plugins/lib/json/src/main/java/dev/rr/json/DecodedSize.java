package dev.rr.json;

import java.util.function.LongConsumer;

/**
 * Adds up about how many bytes decoded values take on the heap, which may be many times what they
 * take on the wire, and tells them in steps while the values are made. One thread.
 */
public final class DecodedSize {
  /** Counts for nobody. */
  public static final LongConsumer UNCOUNTED = bytes -> {};

  private static final int STEP = 4 * 1024;

  // Sizes of the objects on a 64-bit JVM with compressed references.
  private static final int MAP = 144;
  private static final int ENTRY = 56;
  private static final int LIST = 80;
  private static final int ELEMENT = 8;
  private static final int NUMBER = 24;
  private static final int TEXT = 48;

  private final LongConsumer taker;
  private long untold;

  /**
   * A counter.
   *
   * @param taker is told how many bytes there will be more, before they are allocated; throws to
   *     end the decoding
   */
  public DecodedSize(LongConsumer taker) {
    this.taker = taker;
  }

  /** A map without its entries. */
  public void map() {
    add(MAP);
  }

  /** An entry of a map, without key and value. */
  public void entry() {
    add(ENTRY);
  }

  /** A list without its elements. */
  public void list() {
    add(LIST);
  }

  /** A place in a list. */
  public void element() {
    add(ELEMENT);
  }

  /** A number. */
  public void number() {
    add(NUMBER);
  }

  /**
   * Text or bytes.
   *
   * @param bytes what its characters take
   */
  public void text(long bytes) {
    add(TEXT + bytes);
  }

  private void add(long bytes) {
    untold += bytes;
    if (untold >= STEP) {
      taker.accept(untold);
      untold = 0;
    }
  }
}
