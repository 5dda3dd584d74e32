package dev.rr.plugin.memory;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Puts what a journal holds into a table that nobody uses yet, at the moments at which it was
 * written: what has expired by now may have been given a later end in time.
 */
final class Recovery implements ValueReader.Changes {
  private final Path file;
  private final EntryTable table;

  /** Nothing expires in what says no moment: a snapshot. */
  private long now = Long.MIN_VALUE;

  /**
   * A recovery into a table.
   *
   * @param file for messages
   */
  Recovery(Path file, EntryTable table) {
    this.file = file;
    this.table = table;
  }

  @Override
  public void moment(long millis) {
    now = millis;
  }

  @Override
  public void set(String key, byte[] value, long expires) throws IOException {
    Entry entry = new Entry(key, value, expires);
    if (!table.fits(entry.weight())) {
      // The storage was given less since.
      table.remove(key);
    } else if (reserve(entry.weight())) {
      table.put(entry, now);
    } else {
      throw new IOException(
          file
              + " holds more than a third of the heap, which is all that values in memory may take;"
              + " give the server a larger one (-Xmx in RR_JAVA_OPTS)");
    }
  }

  private boolean reserve(long weight) {
    return table.reserve(weight, now) || table.forgetExpired(now) && table.reserve(weight, now);
  }

  @Override
  public void expire(String key, long expires) {
    table.expire(key, expires, now);
  }

  @Override
  public void delete(String key) {
    table.remove(key);
  }

  @Override
  public void clear() {
    table.clear();
  }
}
