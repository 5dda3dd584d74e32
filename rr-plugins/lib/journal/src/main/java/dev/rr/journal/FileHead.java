package dev.rr.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.SecureRandom;
import java.util.zip.CRC32C;

/** What stands before the frames: what the file is, and a number of its own. */
final class FileHead {
  static final int SIZE = 16;

  private static final long MAGIC = 0x72722d6a726e6c01L; // "rr-jrnl", version 1

  private FileHead() {}

  /** What stands there, which may be less than a head. */
  static ByteBuffer read(FileChannel channel) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(SIZE);
    while (head.hasRemaining() && channel.read(head, head.position()) >= 0) {
      // Short reads are allowed.
    }
    return head.flip();
  }

  /** One with a number that no other file has. */
  static ByteBuffer fresh() {
    return ByteBuffer.allocate(SIZE).putLong(MAGIC).putLong(new SecureRandom().nextLong()).flip();
  }

  static boolean isWhole(ByteBuffer head) {
    return head.limit() == SIZE && head.getLong(0) == MAGIC;
  }

  /**
   * Whether a crash came while it was written: a part of it stands there, or zeros.
   *
   * @param size of the file
   */
  static boolean isCutOff(ByteBuffer head, long size) {
    if (size > SIZE) {
      return false;
    }
    byte[] magic = ByteBuffer.allocate(Long.BYTES).putLong(MAGIC).array();
    boolean zeros = true;
    boolean begun = true;
    for (int i = 0; i < head.limit(); i++) {
      zeros &= head.get(i) == 0;
      begun &= i >= magic.length || head.get(i) == magic[i];
    }
    return zeros || begun && size < SIZE;
  }

  /** What the checksum of the first frame goes on from. */
  static int checksum(ByteBuffer head) {
    CRC32C crc = new CRC32C();
    crc.update(head.slice(Long.BYTES, Long.BYTES));
    return (int) crc.getValue();
  }
}
