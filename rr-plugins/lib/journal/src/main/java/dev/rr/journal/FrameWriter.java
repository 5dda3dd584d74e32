package dev.rr.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.zip.CRC32C;

/** Writes frames to a file, each wherever it is told. One thread. */
final class FrameWriter {
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
  private final CRC32C crc = new CRC32C();

  FrameWriter(FileChannel channel) {
    this.channel = channel;
  }

  /** How many bytes records take in a frame, behind its head. */
  static int length(List<byte[]> records) {
    int length = 0;
    for (byte[] record : records) {
      length = Math.addExact(length, JournalFile.RECORD_HEAD + record.length);
    }
    return length;
  }

  /**
   * The checksum of a frame.
   *
   * @param before that of the frame before
   */
  int checksum(int before, int length, List<byte[]> records) {
    JournalFrameReader.begin(crc, before, length);
    byte[] head = new byte[JournalFile.RECORD_HEAD];
    for (byte[] record : records) {
      ByteBuffer.wrap(head).putInt(record.length);
      crc.update(head);
      crc.update(record);
    }
    return (int) crc.getValue();
  }

  /** Writes a frame, and answers where it ends. */
  long write(List<byte[]> records, int length, int checksum, long at) throws IOException {
    buffer.clear().putInt(length).putInt(checksum);
    long to = at;
    for (byte[] record : records) {
      if (buffer.remaining() < JournalFile.RECORD_HEAD) {
        to = flush(to);
      }
      buffer.putInt(record.length);
      for (int done = 0; done < record.length; ) {
        if (!buffer.hasRemaining()) {
          to = flush(to);
        }
        int part = Math.min(buffer.remaining(), record.length - done);
        buffer.put(record, done, part);
        done += part;
      }
    }
    return flush(to);
  }

  private long flush(long to) throws IOException {
    int bytes = buffer.flip().remaining();
    write(channel, buffer, to);
    buffer.clear();
    return to + bytes;
  }

  /** Writes all bytes of a buffer. */
  static void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long to = at;
    while (bytes.hasRemaining()) {
      to += channel.write(bytes, to);
    }
  }
}
