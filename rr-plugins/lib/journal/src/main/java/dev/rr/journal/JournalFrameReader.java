package dev.rr.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Reads frames where they stand in a file. One thread, the one that maps the file anew. */
final class JournalFrameReader {
  private final Mapping mapping;
  private final CRC32C crc = new CRC32C();

  /** Takes in a record. */
  @FunctionalInterface
  interface Records {
    void take(ByteBuffer record, long at);
  }

  JournalFrameReader(Mapping mapping) {
    this.mapping = mapping;
  }

  /** Begins the checksum of a frame with that of the frame before, and its own length. */
  static void begin(CRC32C crc, int before, int length) {
    crc.reset();
    crc.update(ByteBuffer.allocate(8).putInt(before).putInt(length).flip());
  }

  /** The length that stands there; 0 where there is no room for one. */
  int lengthAt(long at) {
    return at + JournalFile.FRAME_HEAD > mapping.size() ? 0 : mapping.intAt(at);
  }

  int checksumAt(long at) {
    return mapping.intAt(at + Integer.BYTES);
  }

  /** The length of the frame that stands there; negative when none does, or not whole. */
  int wholeFrame(long at, int before) {
    int length = lengthAt(at);
    if (length <= 0
        || length > JournalFile.MAX_FRAME
        || at + JournalFile.FRAME_HEAD + length > mapping.size()) {
      return -1;
    }
    begin(crc, before, length);
    crc.update(mapping.slice(at + JournalFile.FRAME_HEAD, length));
    return (int) crc.getValue() == checksumAt(at) ? length : -1;
  }

  /** Hands over the records of a whole frame, and answers where it ends. */
  long take(long at, Records records) {
    int length = lengthAt(at);
    long first = at + JournalFile.FRAME_HEAD;
    ByteBuffer frame = mapping.slice(first, length);
    while (frame.hasRemaining()) {
      int bytes = frame.getInt();
      ByteBuffer record = frame.slice(frame.position(), bytes);
      records.take(record, first + frame.position());
      frame.position(frame.position() + bytes);
    }
    return first + length;
  }

  /** The last byte that is not zero, from a place on; else something before it. */
  long lastNonZero(long from) {
    long at = mapping.size() - 1;
    while (at >= from && mapping.byteAt(at) == 0) {
      at--;
    }
    return at;
  }
}
