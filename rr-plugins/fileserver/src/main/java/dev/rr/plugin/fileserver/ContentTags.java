package dev.rr.plugin.fileserver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes upstream's entity tags: length and a CRC-32 with the reflected polynomial {@code
 * 0xD5828281}, over the content.
 */
final class ContentTags {
  private static final int[] TABLE = new int[256];

  static {
    for (int i = 0; i < 256; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0xD5828281;
      }
      TABLE[i] = crc;
    }
  }

  private ContentTags() {}

  /** The tag of a file, read whole; empty for an empty file. Blocks. */
  static String of(Path file, boolean weak) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    int crc = -1;
    long length = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        for (int i = 0; i < n; i++) {
          crc = TABLE[(crc ^ buffer[i]) & 0xff] ^ crc >>> 8;
        }
        length += n;
      }
    }
    String tag = "\"" + length + "-" + Integer.toUnsignedString(~crc) + "\"";
    return length == 0 ? "" : (weak ? "W/" : "") + tag;
  }
}
