package dev.rr.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** What a journal asks of the system and may be refused; tests refuse it. */
interface Disk {
  /** The machine's own. */
  Disk REAL = new Disk() {};

  /** Has the disk take what was written to a file. */
  default void force(Path file, FileChannel channel) throws IOException {
    channel.force(false);
  }

  /** Maps the beginning of a file, for reading. */
  default MemorySegment map(FileChannel channel, long size, Arena arena) throws IOException {
    return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
  }
}
