package dev.rr.plugin.memory;

import java.io.IOException;
import java.nio.file.Path;

/** Puts what a journal holds into a table that nobody uses yet. */
record Recovery(Path file, EntryTable table) implements ValueReader.Changes {
  @Override
  public void set(String key, byte[] value, long expires) throws IOException {
    Entry entry = new Entry(key, value, expires);
    if (!table.fits(entry.weight())) {
      // The storage was given less since.
      table.remove(key);
    } else if (table.reserve(entry.weight())) {
      table.put(entry);
    } else {
      throw new IOException(
          file
              + " holds more than a third of the heap, which is all that values in memory may take;"
              + " give the server a larger one (-Xmx in RR_JAVA_OPTS)");
    }
  }

  @Override
  public void expire(String key, long expires) {
    table.expire(key, expires);
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
