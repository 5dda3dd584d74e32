package dev.rr.plugin.memory;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.function.BooleanSupplier;

/** All values of a storage in one file, which is written anew beside the old one. One thread. */
final class ValueSnapshot {
  private static final int BLOCK = 64 * 1024;

  private final ValuePaths paths;

  ValueSnapshot(ValuePaths paths) {
    this.paths = paths;
  }

  /**
   * Reads it, and answers how many bytes it has; none when there is no file.
   *
   * @throws IOException also when it is not whole
   */
  long read(ValueReader.Changes changes) throws IOException {
    Path file = paths.snapshot();
    if (!Files.exists(file)) {
      return 0;
    }
    ValueReader reader = new ValueReader(changes);
    long whole = reader.read(file);
    if (whole != Files.size(file) || !reader.isWholeSnapshot()) {
      throw new IOException(
          file
              + " was not written by this server, or is damaged behind byte "
              + whole
              + "; put a copy of it back, or move it away to begin without values");
    }
    return whole;
  }

  /**
   * Writes entries into a file beside it, and has the disk take them.
   *
   * @param cancelled ends it early, with a file that is not whole
   * @return how many bytes that are
   */
  long write(Collection<Entry> entries, BooleanSupplier cancelled) throws IOException {
    long written = 0;
    try (FileOutputStream stream = new FileOutputStream(paths.unfinished().toFile())) {
      long count = 0;
      ValueBatch batch = new ValueBatch();
      for (Entry entry : entries) {
        batch.set(entry.key, entry.value, entry.expires);
        count++;
        if (batch.size() >= BLOCK) {
          written += write(stream, batch);
          batch = new ValueBatch();
        }
        if (cancelled.getAsBoolean()) {
          return written;
        }
      }
      batch.end(count);
      written += write(stream, batch);
      stream.getFD().sync();
    }
    return written;
  }

  private static int write(OutputStream stream, ValueBatch batch) throws IOException {
    byte[] record = batch.record();
    stream.write(record);
    return record.length;
  }

  /** Puts what was written in its place. */
  void replace() throws IOException {
    Files.move(paths.unfinished(), paths.snapshot(), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(paths.folder())) {
      folder.force(true);
    }
  }

  /** Deletes it. */
  void delete() throws IOException {
    Files.deleteIfExists(paths.snapshot());
  }

  /** Deletes what was written and not put in its place. */
  void discard() throws IOException {
    Files.deleteIfExists(paths.unfinished());
  }
}
