package dev.rr.plugin.memory;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The log that is written. {@link #sync} is for any thread, the rest for one at a time. */
final class ValueLog implements Closeable {
  private final Path path;
  private final LogFile file;
  private long size;
  private boolean torn;

  /**
   * Goes on with a log.
   *
   * @param size of what it holds; anything behind that goes
   */
  ValueLog(Path path, long size, LogFile.Opener opener) throws IOException {
    this.path = path;
    this.file = opener.open(path);
    this.size = size;
    try {
      file.truncate(size);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Writes a record. When that fails nothing of it stays, or the log {@linkplain #isTorn is torn}.
   *
   * @throws IOException says which file and why
   */
  void append(byte[] record) throws IOException {
    try {
      file.write(record);
    } catch (IOException e) {
      undo();
      throw new IOException("cannot write " + path + ": " + e.getMessage(), e);
    }
    size += record.length;
  }

  private void undo() {
    try {
      file.truncate(size);
    } catch (IOException e) {
      torn = true;
    }
  }

  /** Whether half a record is at its end, behind which nothing would be read. */
  boolean isTorn() {
    return torn;
  }

  void sync() throws IOException {
    file.sync();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
