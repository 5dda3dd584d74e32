package dev.rr.journal;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * A file mapped into memory, for reading. One thread maps it anew as it grows and unmaps it; any
 * thread reads meanwhile.
 */
final class Mapping implements Closeable, JournalReader {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final FileChannel channel;
  private final Disk disk;
  private volatile Mapped mapped;

  /** A mapping and who ends it. */
  private record Mapped(Arena arena, MemorySegment bytes) {
    @SuppressWarnings("MustBeClosedChecker") // close() and remap() do.
    static Mapped of(FileChannel channel, Disk disk) throws IOException {
      Arena arena = Arena.ofShared();
      try {
        return new Mapped(arena, disk.map(channel, channel.size(), arena));
      } catch (IOException | RuntimeException e) {
        arena.close();
        throw e;
      }
    }
  }

  Mapping(FileChannel channel, Disk disk) throws IOException {
    this.channel = channel;
    this.disk = disk;
    this.mapped = Mapped.of(channel, disk);
  }

  /** Maps what the file is now; who reads meanwhile looks again. */
  void remap() throws IOException {
    Mapped old = mapped;
    mapped = Mapped.of(channel, disk);
    old.arena().close();
  }

  long size() {
    return mapped.bytes().byteSize();
  }

  int intAt(long at) {
    return mapped.bytes().get(INT, at);
  }

  byte byteAt(long at) {
    return mapped.bytes().get(ValueLayout.JAVA_BYTE, at);
  }

  /** A part as it stands there, valid until the next {@link #remap}. */
  ByteBuffer slice(long at, int length) {
    return mapped.bytes().asSlice(at, length).asByteBuffer();
  }

  /**
   * A copy.
   *
   * @throws IllegalStateException when this is closed
   */
  @Override
  public byte[] read(long at, int length) {
    byte[] bytes = new byte[length];
    while (true) {
      Mapped from = mapped;
      try {
        MemorySegment.copy(from.bytes(), ValueLayout.JAVA_BYTE, at, bytes, 0, length);
        return bytes;
      } catch (IllegalStateException unmapped) {
        if (from.arena() == mapped.arena()) {
          throw unmapped;
        }
      }
    }
  }

  @Override
  public void close() {
    mapped.arena().close();
  }
}
