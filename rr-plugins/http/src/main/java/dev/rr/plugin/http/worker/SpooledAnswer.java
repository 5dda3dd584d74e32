package dev.rr.plugin.http.worker;

import dev.rr.plugin.http.body.Spool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What PHP has said and the client has not taken yet, on disk. The owner's, until it is handed to
 * the loop; blocks.
 */
final class SpooledAnswer {
  /** The part of a disk that answers leave free. */
  private static final int FREE = 10;

  private final Path file;
  private final FileChannel out;
  private long length;

  private SpooledAnswer(Path file, FileChannel out) {
    this.file = file;
    this.out = out;
  }

  /**
   * Makes a file.
   *
   * @param expected the bytes that will come
   * @throws IOException when it cannot be made, or there is not enough space
   */
  static SpooledAnswer create(Spool spool, long expected) throws IOException {
    Path file = spool.create("rr-answer");
    try {
      var disk = Files.getFileStore(file);
      if (disk.getUsableSpace() - expected < disk.getTotalSpace() / FREE) {
        throw new IOException(
            "less than a tenth of the disk of " + file.getParent() + " would be left free");
      }
      return new SpooledAnswer(file, FileChannel.open(file, StandardOpenOption.WRITE));
    } catch (IOException e) {
      Spool.deleteQuietly(file);
      throw e;
    }
  }

  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      length += out.write(bytes);
    }
  }

  /** Nothing follows. */
  void close() throws IOException {
    out.close();
  }

  /** Closes and deletes it; whoever has it open still reads it to its end. */
  void drop() {
    try (out) {
      Spool.deleteQuietly(file);
    } catch (IOException e) {
      // The file is gone, what was in it does not matter.
    }
  }

  Path file() {
    return file;
  }

  /** Bytes written. */
  long length() {
    return length;
  }
}
