package dev.rr.plugin.gzip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a part of a file. Opened once, since another file may take its name meanwhile.
 * One thread at a time.
 */
final class FilePart {
  private final Path file;
  private final Runnable after;
  private long offset;
  private long left;
  private @Nullable FileChannel channel;

  FilePart(Path file, long offset, long length, Runnable after) {
    this.file = file;
    this.offset = offset;
    this.left = length;
    this.after = after;
  }

  boolean isEmpty() {
    return left == 0;
  }

  /** Reads at most {@code limit} bytes more. Blocks. */
  ByteBuffer read(int limit) throws IOException {
    FileChannel open = channel;
    if (open == null) {
      open = FileChannel.open(file);
      channel = open;
    }
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(left, limit));
    while (chunk.hasRemaining()) {
      if (open.read(chunk, offset + chunk.position()) < 0) {
        throw new IOException("the file became shorter while it was sent: " + file);
      }
    }
    offset += chunk.position();
    left -= chunk.position();
    return chunk.flip();
  }

  /** Lets the file go and says so. Once. */
  void done() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // Nothing was written; there is nothing to lose.
    }
    after.run();
  }
}
