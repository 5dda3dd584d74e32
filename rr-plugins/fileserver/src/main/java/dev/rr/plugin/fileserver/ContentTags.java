package dev.rr.plugin.fileserver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes upstream's entity tags: length and a CRC-32 with the reflected polynomial {@code
 * 0xD5828281}, over the content. They are remembered until the file changes. Any thread.
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

  private static final int REMEMBERED = 4_096;

  private record Version(Path file, long size, FileTime modified) {}

  private final boolean weak;
  private final Map<Version, String> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Version, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  ContentTags(boolean weak) {
    this.weak = weak;
  }

  /** The tag of a file, read whole the first time; empty for an empty file. Blocks. */
  String of(Path file, BasicFileAttributes facts) throws IOException {
    Version version = new Version(file, facts.size(), facts.lastModifiedTime());
    synchronized (known) {
      String tag = known.get(version);
      if (tag != null) {
        return tag;
      }
    }
    String tag = read(file);
    synchronized (known) {
      known.put(version, tag);
    }
    return tag;
  }

  private String read(Path file) throws IOException {
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
