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

  private volatile Mapped mapped;

  /** A mapping and who ends it. */
  private record Mapped(Arena arena, MemorySegment bytes) {
    @SuppressWarnings("MustBeClosedChecker") // close() and remap() do.
    static Mapped of(FileChannel channel, long size) throws IOException {
      Arena arena = Arena.ofShared();
      return new Mapped(arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena));
    }
  }

  Mapping(FileChannel channel) throws IOException {
    this.mapped = Mapped.of(channel, channel.size());
  }

  /** Maps what the file is now; who reads meanwhile looks again. */
  void remap(FileChannel channel) throws IOException {
    Mapped old = mapped;
    mapped = Mapped.of(channel, channel.size());
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
