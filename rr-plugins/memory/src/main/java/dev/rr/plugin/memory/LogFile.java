package dev.rr.plugin.memory;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * A file that is written at its end. {@link #sync} is for any thread, the rest for one at a time.
 */
interface LogFile extends Closeable {
  /** Writes at the end; a part of it may be there when it fails. */
  void write(byte[] bytes) throws IOException;

  /** Has no more than this from now on. */
  void truncate(long size) throws IOException;

  /** Has the disk take what was written. */
  void sync() throws IOException;

  /** Opens files; tests have some fail. */
  @FunctionalInterface
  interface Opener {
    LogFile open(Path path) throws IOException;
  }

  /** A file of the system, made where it is missing. */
  static LogFile open(Path path) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    return new LogFile() {
      @Override
      public void write(byte[] bytes) throws IOException {
        file.write(bytes);
      }

      @Override
      public void truncate(long size) throws IOException {
        file.setLength(size);
        file.seek(size);
      }

      @Override
      public void sync() throws IOException {
        file.getFD().sync();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }
}
